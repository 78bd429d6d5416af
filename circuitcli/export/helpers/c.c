/* Functions that C lacks, each a block of its own between empty lines; export copies those that are used. */

/* The largest, of equal numbers the first; nan where one is. */
static double circuit_max(double x, double y)
{
    return x != x || y <= x ? x : y;
}

/* The smallest, likewise. */
static double circuit_min(double x, double y)
{
    return x != x || y >= x ? x : y;
}

/* The upper half of the digits (Veltkamp 1968). */
static double circuit_high(double x)
{
    const double c = x * 134217729.0;
    return c - (c - x);
}

/* A sum with what each addition loses (Neumaier 1974). */
static double circuit_sum(const double *terms, int count)
{
    double total = 0.0, lost = 0.0;
    for (int i = 0; i < count; i++) {
        const double x = terms[i], next = total + x;
        lost += fabs(total) >= fabs(x) ? total - next + x : x - next + total;
        total = next;
    }
    return total - total == 0.0 ? total + lost : total;
}

/* lgamma(2 + z) for |z| <= 1/2 (Abramowitz & Stegun 6.1.33). */
static double circuit_lgamma_of_two_and(double z)
{
    static const double series[] = {
        0.3224670334241132, -0.0673523010531981, 0.020580808427784546, -0.007385551028673986,
        0.0028905103307415234, -0.001192753911703261, 0.0005096695247430425, -0.00022315475845357939,
        9.945751278180853e-05, -4.492623673813314e-05, 2.050721277567069e-05, -9.439488275268397e-06,
        4.374866789907488e-06, -2.039215753801366e-06, 9.55141213040742e-07, -4.492469198764566e-07,
        2.1207184805554665e-07, -1.0043224823968099e-07, 4.7698101693639804e-08, -2.2711094608943164e-08,
        1.0838659214896955e-08, -5.183475041970047e-09, 2.4836745438024785e-09, -1.1921401405860912e-09,
        5.731367241678862e-10, -2.7595228851242334e-10, 1.330476437424449e-10, -6.4229645638381e-11,
        3.1044247747322276e-11, -1.5021384080754142e-11, 7.275974480239079e-12, -3.527742476575915e-12,
    };
    double total = 0.0;
    for (int k = sizeof series / sizeof *series - 1; k >= 0; k--)
        total = (total + series[k]) * z;
    return (total + 0.42278433509846713) * z;
}

/* log|gamma(x)|: where it is small by a series, which keeps the digits next to the roots. */
static double circuit_lgamma(double x)
{
    if (x == 0.0)
        return INFINITY;
    if (-0.5 < x && x <= 2.5) {
        if (x > 1.5)
            return circuit_lgamma_of_two_and(x - 2.0);
        if (x >= 0.5)
            return circuit_lgamma_of_two_and(x - 1.0) - log1p(x - 1.0);
        return circuit_lgamma_of_two_and(x) - log1p(x) - log(fabs(x));
    }
    if (-3.0 < x && x < -2.0) { /* x(x+1)(x+2)(x+3) = (x^2+3x+1)^2 - 1 */
        const double root = x * (x + 3.0) + 1.0;
        return circuit_lgamma(x + 4.0) - log1p(-root * root);
    }
    if (2.5 < x && x < 12.0) {
        double product = 1.0;
        while (x > 2.5) {
            x -= 1.0;
            product *= x;
        }
        return log(product) + circuit_lgamma(x);
    }
    if (-2.0 < x && x <= -0.5 && x != -1.0)
        return x > -1.0 ? circuit_lgamma(x + 1.0) - log(-x) : circuit_lgamma(x + 2.0) - log(x * (x + 1.0));
    return lgamma(x);
}

static double circuit_gamma(double x)
{
    if (0.5 <= x && x <= 2.5)
        return exp(circuit_lgamma(x));
    if (-0.5 < x && x < 0.5 && x != 0.0)
        return exp(circuit_lgamma_of_two_and(x) - log1p(x)) / x;
    return tgamma(x);
}

/* cot(pi x) for 0 < |x| <= 1/2. */
static double circuit_cot_pi(double x)
{
    const double pi = 3.141592653589793;
    return fabs(x) <= 0.25 ? 1.0 / tan(pi * x) : copysign(tan(pi * (0.5 - fabs(x))), x);
}

/* -1/(x+k) as three terms: the quotient, and what the roundings of the sum and of the quotient lost. */
static void circuit_reciprocal(double x, double k, double terms[3])
{
    const double total = x + k, quotient = 1.0 / total;
    const double lost = k > x ? x - (total - k) : k - (total - x);
    terms[0] = -quotient;
    terms[1] = terms[2] = 0.0;
    if (1e-200 < total && total < 1e200) {
        const double a = circuit_high(total), b = circuit_high(quotient);
        const double low = total - a, rest = quotient - b;
        terms[1] = -(((1.0 - a * b) - a * rest - low * b) - low * rest) * quotient; /* Dekker 1971 */
        terms[2] = lost * quotient * quotient;
    }
}

/* By the asymptotic series, to which the recurrence lifts (Abramowitz & Stegun 6.3). */
static double circuit_digamma(double x)
{
    static const double bernoulli[] = {
        1.0 / 6, -1.0 / 30, 1.0 / 42, -1.0 / 30, 5.0 / 66, -691.0 / 2730, 7.0 / 6, -3617.0 / 510,
    };
    double terms[64], square, power;
    int count = 0, k = 0;
    if (x != x || x == -INFINITY)
        return NAN;
    if (x == 0.0 || x == INFINITY)
        return x == 0.0 ? -1.0 / x : x;
    if (x < 0.0) {
        const double fraction = x - rint(x);
        return fraction == 0.0 ? NAN : circuit_digamma(1.0 - x) - 3.141592653589793 * circuit_cot_pi(fraction);
    }
    for (; x + k < 16.0; k++, count += 3)
        circuit_reciprocal(x, k, terms + count);
    x += k;
    if (k) { /* from 16 to 17, where the logarithm is known to more digits than a double has */
        terms[count++] = 2.772588722239781;
        terms[count++] = 9.276187255385198e-17;
        terms[count++] = log1p((x - 16.0) / 16.0);
    } else {
        terms[count++] = log(x);
    }
    power = square = 1.0 / x / x;
    for (int i = 0; i < 8; i++) {
        terms[count++] = -bernoulli[i] / (2 * i + 2) * power;
        power *= square;
    }
    terms[count++] = -0.5 / x;
    return circuit_sum(terms, count);
}

/* The sum of (x+k)^-s over k >= 0, by Euler and Maclaurin (DLMF 25.11.43). */
static double circuit_hurwitz(double s, double x)
{
    static const double bernoulli[] = {
        1.0 / 6, -1.0 / 30, 1.0 / 42, -1.0 / 30, 5.0 / 66, -691.0 / 2730, 7.0 / 6,
        -3617.0 / 510, 43867.0 / 798, -174611.0 / 330, 854513.0 / 138, -236364091.0 / 2730, 8553103.0 / 6,
    };
    double terms[256], factor;
    int count = 0;
    for (; x < 12.0 + s; x += 1.0)
        terms[count++] = pow(x, -s);
    terms[count++] = pow(x, 1.0 - s) / (s - 1.0);
    terms[count++] = 0.5 * pow(x, -s);
    factor = s * pow(x, -s - 1.0);
    for (int k = 1; k <= 13; k++) {
        factor /= k == 1 ? 2.0 : 2.0 * k * (2.0 * k - 1.0);
        terms[count++] = bernoulli[k - 1] * factor;
        factor *= (s + 2 * k - 1) * (s + 2 * k) / (x * x);
    }
    return circuit_sum(terms, count);
}

/* The n-th derivative of pi cot(pi x), a polynomial in c = cot(pi x): each step is -(1+c^2) d/dc. */
static double circuit_cotangent(int n, double x)
{
    double coefficients[164] = {0.0, 1.0}, next[164], value = 0.0;
    const double c = circuit_cot_pi(x);
    for (int step = 0; step < n; step++) {
        for (int k = 0; k <= step + 2; k++)
            next[k] = -((k + 1) * (k <= step ? coefficients[k + 1] : 0.0)) - (k > 1 ? (k - 1) * coefficients[k - 1] : 0.0);
        for (int k = 0; k <= step + 2; k++)
            coefficients[k] = next[k];
    }
    for (int k = n + 1; k >= 0; k--)
        value = value * c + coefficients[k];
    return value * pow(3.141592653589793, n + 1);
}

/* The n-th derivative of digamma. */
static double circuit_polygamma(double n, double x)
{
    const int odd = fmod(n, 2.0) == 1.0;
    double factorial = odd ? 1.0 : -1.0;
    if (!(n >= 0.0 && n <= 160.0) || n != floor(n) || x != x)
        return NAN;
    if (n == 0.0)
        return circuit_digamma(x);
    if (x == INFINITY || x == -INFINITY)
        return x > 0.0 ? 0.0 * factorial : NAN;
    if (x == 0.0)
        return odd ? INFINITY : -1.0 / x;
    if (x < 0.0) {
        const double fraction = x - rint(x);
        if (fraction == 0.0)
            return odd ? INFINITY : NAN;
        return -factorial * circuit_polygamma(n, 1.0 - x) - circuit_cotangent((int)n, fraction);
    }
    for (int k = 2; k <= n; k++)
        factorial *= k;
    return factorial * circuit_hurwitz(n + 1.0, x);
}
