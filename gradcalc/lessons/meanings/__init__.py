"""What the words mean that gradcalc answers with: verdicts, reasons, kinds of points and of errors."""
