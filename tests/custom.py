"""A function of the user's own, as code."""

ONCE = """
class Once(torch.autograd.Function):
    @staticmethod
    def forward(context, x):
        context.double = 2 * x.detach()
        return x**2

    @staticmethod
    def backward(context, upstream):
        return upstream * context.double
"""
