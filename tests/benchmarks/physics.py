"""Formulas of physics in three to six variables, and jobs for `gradcalc batch` made of them.

The equations are those of a course in physics (most are in The Feynman Lectures on Physics), written in gradcalc's
own language. A variable ranges over `USUAL` unless the row says otherwise, so that every formula has a real value.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

Range = tuple[float, float]
USUAL: Range = (1.0, 5.0)
ANGLE: Range = (0.1, 1.4)  # radians
FRACTION: Range = (0.1, 0.9)
FAST: Range = (6.0, 9.0)  # a speed of light above every speed of the usual range
SEED = 20240229
WORD = re.compile(r"([A-Za-z_]\w*)")


@dataclass(frozen=True)
class Formula:
    """One equation: what it gives, its right-hand side, its variables, and the ranges that are not the usual one."""

    name: str
    expression: str
    variables: tuple[str, ...]
    ranges: dict[str, Range] = field(default_factory=dict)

    def point(self, numbers: random.Random) -> dict[str, float]:
        """A random point inside the ranges; four decimals, as people write them."""
        return {name: round(numbers.uniform(*self.ranges.get(name, USUAL)), 4) for name in self.variables}


def jobs(count: int, *, distinct: bool = False) -> Iterator[dict[str, Any]]:
    """Jobs that take the formulas in turn, each time at another point.

    With `distinct`, no two expressions are equal: from the second turn on, the variables have other names.
    """
    numbers = random.Random(SEED)
    for index in range(count):
        formula = FORMULAS[index % len(FORMULAS)]
        turn = index // len(FORMULAS)
        job = {"id": index, "expression": formula.expression, "at": formula.point(numbers)}
        yield renamed(job, formula, f"_{turn}") if distinct and turn else job


def renamed(job: dict[str, Any], formula: Formula, suffix: str) -> dict[str, Any]:
    """The job with `suffix` behind the name of every variable."""
    words = WORD.split(job["expression"])
    expression = "".join(word + suffix if word in formula.variables else word for word in words)
    return job | {"expression": expression, "at": {name + suffix: value for name, value in job["at"].items()}}


def row(name: str, expression: str, variables: str, **ranges: Range) -> Formula:
    """A row of the table below."""
    return Formula(name, expression, tuple(variables.split()), ranges)


FORMULAS = (
    # mechanics
    row("height of a projectile", "y0 + v*t*sin(theta) - g*t**2/2", "y0 v t theta g", theta=ANGLE),
    row("range of a projectile", "v**2*sin(2*theta)/g", "v theta g", theta=ANGLE),
    row("path of a projectile", "x*tan(theta) - g*x**2/(2*v**2*cos(theta)**2)", "x theta g v", theta=ANGLE),
    row("distance in the plane", "sqrt((x2 - x1)**2 + (y2 - y1)**2)", "x1 x2 y1 y2", x1=(-5, -1), y1=(-5, -1)),
    row("distance in space", "sqrt((x2 - x1)**2 + (y2 - y1)**2 + (z2 - z1)**2)", "x1 x2 y1 y2 z1 z2", x1=(-5, -1)),
    row("force of gravity", "G*m1*m2/r**2", "G m1 m2 r"),
    row("force of gravity in the plane", "G*m1*m2/(x**2 + y**2)", "G m1 m2 x y"),
    row("work against gravity", "G*m1*m2*(1/r2 - 1/r1)", "G m1 m2 r1 r2"),
    row("escape velocity", "sqrt(2*G*M/R)", "G M R"),
    row("period of an orbit", "2*pi*sqrt(a**3/(G*(m1 + m2)))", "a G m1 m2"),
    row("speed in an orbit", "sqrt(G*M*(2/r - 1/a))", "G M r a", r=(1, 2), a=(2, 5)),
    row("radius of an orbit", "a*(1 - epsilon**2)/(1 + epsilon*cos(theta - theta0))", "a epsilon theta theta0", epsilon=FRACTION),
    row("kinetic energy in space", "m*(vx**2 + vy**2 + vz**2)/2", "m vx vy vz"),
    row("centre of mass", "(m1*r1 + m2*r2)/(m1 + m2)", "m1 m2 r1 r2"),
    row("reduced mass and a spring", "sqrt(k*(m1 + m2)/(m1*m2))", "k m1 m2"),
    row("torque", "r*F*sin(theta)", "r F theta", theta=ANGLE),
    row("angular momentum", "m*r*v*sin(theta)", "m r v theta", theta=ANGLE),
    row("energy of an oscillator", "m*(omega**2 + omega0**2)*x**2/4", "m omega omega0 x"),
    row("oscillation", "x0*(cos(omega*t) + alpha*cos(omega*t)**2)", "x0 omega t alpha"),
    row("damped oscillation", "A*exp(-gamma*t/2)*cos(omega*t + phi)", "A gamma t omega phi"),
    row("driven oscillation", "F0/(m*sqrt((omega0**2 - omega**2)**2 + (gamma*omega)**2))", "F0 m omega0 omega gamma", omega0=(6, 9)),
    row("phase of a driven oscillation", "atan(gamma*omega/(omega0**2 - omega**2))", "gamma omega omega0", omega0=(6, 9)),
    row("frequency of a damped oscillation", "sqrt(k/m - (b/(2*m))**2)", "k m b", k=(10, 20)),
    row("large pendulum", "2*pi*sqrt(l/g)*(1 + theta**2/16 + 11*theta**4/3072)", "l g theta", theta=ANGLE),
    row("terminal velocity", "sqrt(2*m*g/(rho*A*Cd))", "m g rho A Cd"),
    row("fall with drag", "sqrt(m*g/k)*tanh(t*sqrt(g*k/m))", "m g k t"),
    row("rocket", "u*log(m0/(m0 - q*t)) - g*t", "u m0 q t g", m0=(30, 40)),
    row("bank of a curve", "sqrt(r*g*(tan(theta) + mu)/(1 - mu*tan(theta)))", "r g theta mu", theta=(0.1, 0.6), mu=FRACTION),
    row("acceleration on an incline", "g*(sin(theta) - mu*cos(theta))", "g theta mu", theta=ANGLE, mu=FRACTION),
    row("Atwood's machine", "(m1 - m2)*g/(m1 + m2 + I/R**2)", "m1 m2 g I R"),
    row("elastic collision", "((m1 - m2)*v1 + 2*m2*v2)/(m1 + m2)", "m1 m2 v1 v2"),
    row("bending of a beam", "F*L**3/(48*E*I)", "F L E I"),
    row("buckling", "pi**2*E*I/(K*L)**2", "E I K L"),
    row("shear modulus", "E/(2*(1 + sigma))*A/L", "E sigma A L", sigma=FRACTION),
    row("speed of longitudinal waves", "sqrt(E*(1 - sigma)/(rho*(1 + sigma)*(1 - 2*sigma)))", "E sigma rho", sigma=(0.1, 0.4)),
    # fluids
    row("pressure of a flow", "p + rho*v**2/2 + rho*g*h", "p rho v g h"),
    row("flow through a tube", "pi*r**4*dp/(8*eta*l)", "r dp eta l"),
    row("Stokes' fall", "2*(rho1 - rho2)*g*r**2/(9*eta)", "rho1 rho2 g r eta"),
    row("Venturi meter", "A1*sqrt(2*dp/(rho*((A1/A2)**2 - 1)))", "A1 dp rho A2", A1=(6, 9)),
    row("waves on water", "sqrt((g/k + sigma*k/rho)*tanh(k*h))", "g k sigma rho h", k=FRACTION),
    row("capillary rise", "2*sigma*cos(theta)/(rho*g*r)", "sigma theta rho g r", theta=ANGLE),
    row("Darcy and Weisbach", "f*L*rho*v**2/(2*D)", "f L rho v D"),
    row("sound in a gas", "sqrt(gamma*R*T/M)", "gamma R T M"),
    # waves and optics
    row("travelling wave", "A*sin(k*x - omega*t + phi)", "A k x omega t phi"),
    row("thin lens", "1/(1/d1 + n/d2)", "d1 n d2"),
    row("lens maker", "1/((n - 1)*(1/R1 - 1/R2 + (n - 1)*d/(n*R1*R2)))", "n R1 R2 d", n=(1.3, 1.8), R1=(1, 2), R2=(3, 5), d=FRACTION),
    row("refraction", "asin(n*sin(theta1)/m)", "n theta1 m", n=(1, 1.3), m=(1.4, 2), theta1=ANGLE),
    row("reflection at an angle", "((n1*cos(a) - n2*cos(b))/(n1*cos(a) + n2*cos(b)))**2", "n1 a n2 b", a=ANGLE, b=ANGLE),
    row("diffraction grating", "I0*sin(n*theta/2)**2/sin(theta/2)**2", "I0 n theta", theta=ANGLE),
    row("diffraction by a slit", "I0*(sin(pi*a*sin(theta)/l)/(pi*a*sin(theta)/l))**2", "I0 a theta l", theta=ANGLE),
    row("two sources", "I1 + I2 + 2*sqrt(I1*I2)*cos(delta)", "I1 I2 delta"),
    row("thin film", "asin(l/(n*d))", "l n d", l=(1, 2), n=(2, 5), d=(2, 5)),
    row("three amplitudes", "sqrt(x1**2 + x2**2 - 2*x1*x2*cos(theta1 - theta2))", "x1 x2 theta1 theta2", x1=(6, 9)),
    row("Doppler effect of sound", "f*(v + vo)/(v - vs)", "f v vo vs", v=(10, 20)),
    row("Doppler effect of light", "omega*(1 + v/c)/sqrt(1 - v**2/c**2)", "omega v c", c=FAST),
    row("Gaussian beam", "w0*sqrt(1 + (z*l/(pi*w0**2))**2)", "w0 z l"),
    row("Fabry and Perot", "I0/(1 + F*sin(delta/2)**2)", "I0 F delta"),
    # relativity
    row("relativistic mass", "m0/sqrt(1 - v**2/c**2)", "m0 v c", c=FAST),
    row("relativistic momentum", "m0*v/sqrt(1 - v**2/c**2)", "m0 v c", c=FAST),
    row("relativistic kinetic energy", "m0*c**2*(1/sqrt(1 - v**2/c**2) - 1)", "m0 v c", c=FAST),
    row("Lorentz transformation of place", "(x - u*t)/sqrt(1 - u**2/c**2)", "x u t c", c=FAST),
    row("Lorentz transformation of time", "(t - u*x/c**2)/sqrt(1 - u**2/c**2)", "t u x c", c=FAST),
    row("sum of velocities", "(u + v)/(1 + u*v/c**2)", "u v c"),
    row("energy and momentum", "sqrt((p*c)**2 + (m*c**2)**2)", "p c m"),
    row("aberration", "acos((cos(theta) - v/c)/(1 - v*cos(theta)/c))", "theta v c", theta=ANGLE, c=FAST),
    row("Compton scattering", "E/(1 + E/(m*c**2)*(1 - cos(theta)))", "E m c theta", theta=ANGLE),
    row("proper time", "t*sqrt(1 - 2*G*M/(r*c**2))", "t G M r c", M=(1, 2), G=(1, 2), c=FAST),
    # heat and statistics
    row("ideal gas", "n*R*T/V", "n R T V"),
    row("van der Waals gas", "n*R*T/(V - n*b) - a*n**2/V**2", "n R T V b a", V=(10, 20), n=(1, 2)),
    row("adiabatic work", "(p1*V1 - p2*V2)/(gamma - 1)", "p1 V1 p2 V2 gamma", gamma=(1.1, 1.7)),
    row("isothermal work", "n*k*T*log(V2/V1)", "n k T V1 V2"),
    row("Carnot engine", "Q*(1 - Tc/Th)", "Q Tc Th", Th=(6, 9)),
    row("barometric formula", "n0*exp(-m*g*h/(k*T))", "n0 m g h k T", m=(0.1, 1)),
    row("Maxwell's speeds", "sqrt(2/pi*(m/(k*T))**3)*v**2*exp(-m*v**2/(2*k*T))", "m k T v"),
    row("Planck's law", "hbar*omega**3/(pi**2*c**2*(exp(hbar*omega/(k*T)) - 1))", "hbar omega c k T"),
    row("mean energy of an oscillator", "hbar*omega/(exp(hbar*omega/(k*T)) - 1)", "hbar omega k T"),
    row("Fermi and Dirac", "1/(exp((E - mu)/(k*T)) + 1)", "E mu k T"),
    row("Bose and Einstein", "1/(exp((E - mu)/(k*T)) - 1)", "E mu k T", E=(6, 9)),
    row("two-level heat capacity", "k*(E/(k*T))**2*exp(E/(k*T))/(1 + exp(E/(k*T)))**2", "k E T"),
    row("Gaussian", "exp(-((x - mu)/sigma)**2/2)/(sqrt(2*pi)*sigma)", "x mu sigma"),
    row("Stefan and Boltzmann", "sigma*epsilon*A*(T**4 - T0**4)", "sigma epsilon A T T0"),
    row("conduction of heat", "k*A*(T1 - T2)/d", "k A T1 T2 d"),
    row("cylinder wall", "2*pi*k*L*(T1 - T2)/log(r2/r1)", "k L T1 T2 r2 r1", r2=(6, 9)),
    row("cooling", "T0 + (T1 - T0)*exp(-k*t)", "T0 T1 k t"),
    row("diffusion", "N/sqrt(4*pi*D*t)*exp(-x**2/(4*D*t))", "N D t x"),
    row("entropy of mixing", "-R*(n1*log(n1/(n1 + n2)) + n2*log(n2/(n1 + n2)))", "R n1 n2"),
    row("Arrhenius", "A*exp(-E/(R*T))", "A E R T"),
    row("Clausius and Clapeyron", "p0*exp(-L/R*(1/T - 1/T0))", "p0 L R T T0"),
    row("mean free path", "k*T/(sqrt(2)*pi*d**2*p)", "k T d p"),
    row("Brownian motion", "k*T/(6*pi*eta*r)", "k T eta r"),
    row("saturation of magnetization", "N*mu*tanh(mu*B/(k*T))", "N mu B k T"),
    row("Langevin function", "N*p*(1/tanh(p*E/(k*T)) - k*T/(p*E))", "N p E k T"),
    row("Debye length", "sqrt(epsilon*k*T/(n*q**2))", "epsilon k T n q"),
    # electricity and magnetism
    row("Coulomb's law", "q1*q2/(4*pi*epsilon*r**2)", "q1 q2 epsilon r"),
    row("potential of a dipole", "p*cos(theta)/(4*pi*epsilon*r**2)", "p theta epsilon r", theta=ANGLE),
    row("field of a dipole", "p/(4*pi*epsilon*r**3)*sqrt(3*cos(theta)**2 + 1)", "p epsilon r theta", theta=ANGLE),
    row("Lorentz force", "q*(E + B*v*sin(theta))", "q E B v theta", theta=ANGLE),
    row("cyclotron radius", "m*v/(q*B*sqrt(1 - v**2/c**2))", "m v q B c", c=FAST),
    row("energy of a charged sphere", "3*q**2/(20*pi*epsilon*r)", "q epsilon r"),
    row("plate capacitor", "epsilon*kappa*A/d", "epsilon kappa A d"),
    row("cylindrical capacitor", "2*pi*epsilon*L/log(b/a)", "epsilon L b a", b=(6, 9)),
    row("energy of a capacitor", "Q**2*d/(2*epsilon*A)", "Q d epsilon A"),
    row("charging of a capacitor", "V*(1 - exp(-t/(R*C)))", "V t R C"),
    row("current in a coil", "V/R*(1 - exp(-R*t/L))", "V R t L"),
    row("impedance", "sqrt(R**2 + (omega*L - 1/(omega*C))**2)", "R omega L C"),
    row("resonance of a circuit", "V/sqrt(R**2 + (omega*L - 1/(omega*C))**2)", "V R omega L C"),
    row("voltage divider", "V*R2*R3/(R1*R2 + R1*R3 + R2*R3)", "V R1 R2 R3"),
    row("Wheatstone bridge", "V*(R2/(R1 + R2) - R4/(R3 + R4))", "V R1 R2 R3 R4"),
    row("three resistors in parallel", "1/(1/R1 + 1/R2 + 1/R3)", "R1 R2 R3"),
    row("diode", "I0*(exp(q*V/(n*k*T)) - 1)", "I0 q V n k T", q=(0.1, 1)),
    row("field on the axis of a ring", "mu*I*R**2/(2*(R**2 + z**2)**1.5)", "mu I R z"),
    row("force between wires", "mu*I1*I2*L/(2*pi*d)", "mu I1 I2 L d"),
    row("torque on a loop", "N*I*A*B*sin(theta)", "N I A B theta", theta=ANGLE),
    row("induction", "N*B*A*omega*sin(omega*t)", "N B A omega t"),
    row("radiated power", "q**2*a**2/(6*pi*epsilon*c**3)", "q a epsilon c"),
    row("skin depth", "sqrt(2*rho/(omega*mu))", "rho omega mu"),
    row("refractive index of a gas", "1 + n*q**2/(2*epsilon*m*(omega0**2 - omega**2))", "n q epsilon m omega0 omega", omega0=(6, 9)),
    row("wave guide", "sqrt(omega**2/c**2 - pi**2/d**2)", "omega c d", omega=(20, 30)),
    row("plasma index", "sqrt(1 - n*q**2/(epsilon*m*omega**2))", "n q epsilon m omega", n=(0.1, 1), q=(0.1, 1)),
    row("Hall voltage", "I*B/(n*q*d)", "I B n q d"),
    row("pressure of radiation", "I/c*(1 + R)*cos(theta)**2", "I c R theta", theta=ANGLE, R=FRACTION),
    # the quantum world
    row("hydrogen levels", "-m*q**4/(8*epsilon**2*h**2*n**2)", "m q epsilon h n"),
    row("Rydberg", "1/(R*Z**2*(1/n1**2 - 1/n2**2))", "R Z n1 n2", n1=(1, 2), n2=(3, 5)),
    row("de Broglie and a voltage", "h/sqrt(2*m*q*V*(1 + q*V/(2*m*c**2)))", "h m q V c"),
    row("tunnelling", "exp(-2*L*sqrt(2*m*(V - E))/hbar)", "L m V E hbar", V=(6, 9)),
    row("barrier", "1/(1 + V**2*sinh(kappa*a)**2/(4*E*(V - E)))", "V kappa a E", V=(6, 9), a=FRACTION),
    row("particle in a box", "sqrt(2/L)*sin(n*pi*x/L)", "L n x"),
    row("photoelectric effect", "h*f - W - q*V", "h f W q V"),
    row("two-state probability", "(2*A/hbar)**2*sin(t*sqrt(A**2 + (hbar*d)**2)/hbar)**2/4", "A hbar t d"),
    row("band of a crystal", "E0 - 2*A*cos(k*b)", "E0 A k b"),
    row("effective mass", "hbar**2/(2*E*d**2*cos(k*d))", "hbar E d k", k=(0.1, 0.3)),
    row("Zeeman splitting", "sqrt((mu*Bx)**2 + (mu*By)**2 + (mu*Bz)**2)", "mu Bx By Bz"),
    row("Rutherford scattering", "(Z1*Z2*q**2/(16*pi*epsilon*E))**2/sin(theta/2)**4", "Z1 Z2 q epsilon E theta", theta=ANGLE),
    row("binding energy of a nucleus", "a*A - b*A**(2/3) - c*Z**2/A**(1/3)", "a A b c Z"),
    row("radioactive chain", "N*l1/(l2 - l1)*(exp(-l1*t) - exp(-l2*t))", "N l1 l2 t", l2=(6, 9)),
    row("Breit and Wigner", "k/((E**2 - M**2)**2 + (M*Gamma)**2)", "k E M Gamma"),
    row("Lennard-Jones potential", "4*epsilon*((sigma/r)**12 - (sigma/r)**6)", "epsilon sigma r"),
    row("Morse potential", "D*(1 - exp(-a*(r - r0)))**2", "D a r r0"),
    row("Yukawa potential", "-g**2*exp(-m*r)/r", "g m r"),
)  # fmt: skip
