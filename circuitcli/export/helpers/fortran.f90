! Functions that Fortran lacks, each a block of its own between empty lines; export copies those that are used.

interface
    pure function circuit_log1p(x) bind(c, name="log1p") result(y)
        use, intrinsic :: iso_c_binding, only: c_double
        real(c_double), value :: x
        real(c_double) :: y
    end function circuit_log1p
end interface

interface
    pure function circuit_expm1(x) bind(c, name="expm1") result(y)
        use, intrinsic :: iso_c_binding, only: c_double
        real(c_double), value :: x
        real(c_double) :: y
    end function circuit_expm1
end interface

interface
    pure function circuit_exp2(x) bind(c, name="exp2") result(y)
        use, intrinsic :: iso_c_binding, only: c_double
        real(c_double), value :: x
        real(c_double) :: y
    end function circuit_exp2
end interface

interface
    pure function circuit_log2(x) bind(c, name="log2") result(y)
        use, intrinsic :: iso_c_binding, only: c_double
        real(c_double), value :: x
        real(c_double) :: y
    end function circuit_log2
end interface

interface
    pure function circuit_cbrt(x) bind(c, name="cbrt") result(y)
        use, intrinsic :: iso_c_binding, only: c_double
        real(c_double), value :: x
        real(c_double) :: y
    end function circuit_cbrt
end interface

! The largest, of equal numbers the first; nan where one is.
elemental function circuit_max(x, y) result(z)
    real(real64), intent(in) :: x, y
    real(real64) :: z
    z = merge(x, y, ieee_is_nan(x) .or. y <= x)
end function circuit_max

! The smallest, likewise.
elemental function circuit_min(x, y) result(z)
    real(real64), intent(in) :: x, y
    real(real64) :: z
    z = merge(x, y, ieee_is_nan(x) .or. y >= x)
end function circuit_min

elemental function circuit_floor(x) result(y)
    real(real64), intent(in) :: x
    real(real64) :: y
    y = aint(x)
    if (x < y) y = y - 1.0_real64
end function circuit_floor

elemental function circuit_ceil(x) result(y)
    real(real64), intent(in) :: x
    real(real64) :: y
    y = aint(x)
    if (x > y) y = y + 1.0_real64
end function circuit_ceil

! The upper half of the digits (Veltkamp 1968).
elemental function circuit_high(x) result(y)
    real(real64), intent(in) :: x
    real(real64) :: y
    y = x * 134217729.0_real64
    y = y - (y - x)
end function circuit_high

! A sum with what each addition loses (Neumaier 1974).
pure function circuit_sum(terms) result(total)
    real(real64), intent(in) :: terms(:)
    real(real64) :: total, lost, next, x
    integer :: i
    total = 0.0_real64
    lost = 0.0_real64
    do i = 1, size(terms)
        x = terms(i)
        next = total + x
        lost = lost + merge((total - next) + x, (x - next) + total, abs(total) >= abs(x))
        total = next
    end do
    if (ieee_is_finite(total)) total = total + lost
end function circuit_sum

! lgamma(2 + z) for |z| <= 1/2 (Abramowitz & Stegun 6.1.33).
elemental function circuit_lgamma_of_two_and(z) result(y)
    real(real64), intent(in) :: z
    real(real64) :: y
    real(real64), parameter :: series(32) = [ &
        0.3224670334241132_real64, -0.0673523010531981_real64, 0.020580808427784546_real64, &
        -0.007385551028673986_real64, 0.0028905103307415234_real64, -0.001192753911703261_real64, &
        0.0005096695247430425_real64, -0.00022315475845357939_real64, 9.945751278180853e-05_real64, &
        -4.492623673813314e-05_real64, 2.050721277567069e-05_real64, -9.439488275268397e-06_real64, &
        4.374866789907488e-06_real64, -2.039215753801366e-06_real64, 9.55141213040742e-07_real64, &
        -4.492469198764566e-07_real64, 2.1207184805554665e-07_real64, -1.0043224823968099e-07_real64, &
        4.7698101693639804e-08_real64, -2.2711094608943164e-08_real64, 1.0838659214896955e-08_real64, &
        -5.183475041970047e-09_real64, 2.4836745438024785e-09_real64, -1.1921401405860912e-09_real64, &
        5.731367241678862e-10_real64, -2.7595228851242334e-10_real64, 1.330476437424449e-10_real64, &
        -6.4229645638381e-11_real64, 3.1044247747322276e-11_real64, -1.5021384080754142e-11_real64, &
        7.275974480239079e-12_real64, -3.527742476575915e-12_real64]
    integer :: k
    y = 0.0_real64
    do k = size(series), 1, -1
        y = (y + series(k)) * z
    end do
    y = (y + 0.42278433509846713_real64) * z
end function circuit_lgamma_of_two_and

! log|gamma(x)|: where it is small by a series, which keeps the digits next to the roots.
pure recursive function circuit_lgamma(x) result(y)
    real(real64), intent(in) :: x
    real(real64) :: y, root, low
    if (ieee_is_nan(x)) then
        y = x
    else if (x == 0.0_real64 .or. x == -1.0_real64 .or. abs(x) > huge(x)) then
        y = ieee_value(x, ieee_positive_inf)
    else if (x <= -3.0_real64 .and. x == aint(x) .or. x == -2.0_real64) then
        y = ieee_value(x, ieee_positive_inf)
    else if (x > -0.5_real64 .and. x <= 2.5_real64) then
        if (x > 1.5_real64) then
            y = circuit_lgamma_of_two_and(x - 2.0_real64)
        else if (x >= 0.5_real64) then
            y = circuit_lgamma_of_two_and(x - 1.0_real64) - circuit_log1p(x - 1.0_real64)
        else
            y = circuit_lgamma_of_two_and(x) - circuit_log1p(x) - log(abs(x))
        end if
    else if (x > -3.0_real64 .and. x < -2.0_real64) then
        root = x * (x + 3.0_real64) + 1.0_real64 ! x(x+1)(x+2)(x+3) = (x^2+3x+1)^2 - 1
        y = circuit_lgamma(x + 4.0_real64) - circuit_log1p(-root * root)
    else if (x > 2.5_real64 .and. x < 12.0_real64) then
        low = x
        root = 1.0_real64
        do while (low > 2.5_real64)
            low = low - 1.0_real64
            root = root * low
        end do
        y = log(root) + circuit_lgamma(low)
    else if (x > -1.0_real64 .and. x <= -0.5_real64) then
        y = circuit_lgamma(x + 1.0_real64) - log(-x)
    else if (x > -2.0_real64 .and. x <= -0.5_real64) then
        y = circuit_lgamma(x + 2.0_real64) - log(x * (x + 1.0_real64))
    else
        y = log_gamma(x)
    end if
end function circuit_lgamma

pure function circuit_gamma(x) result(y)
    real(real64), intent(in) :: x
    real(real64) :: y
    if (0.5_real64 <= x .and. x <= 2.5_real64) then
        y = exp(circuit_lgamma(x))
    else if (abs(x) < 0.5_real64 .and. x /= 0.0_real64) then
        y = exp(circuit_lgamma_of_two_and(x) - circuit_log1p(x)) / x
    else if (x == 0.0_real64) then
        y = 1.0_real64 / x
    else if (x < 0.0_real64 .and. (x < -huge(x) .or. x == aint(x))) then
        y = ieee_value(x, ieee_quiet_nan)
    else
        y = gamma(x)
    end if
end function circuit_gamma

! cot(pi x) for 0 < |x| <= 1/2.
elemental function circuit_cot_pi(x) result(y)
    real(real64), intent(in) :: x
    real(real64) :: y
    real(real64), parameter :: pi = 3.141592653589793_real64
    if (abs(x) <= 0.25_real64) then
        y = 1.0_real64 / tan(pi * x)
    else
        y = sign(tan(pi * (0.5_real64 - abs(x))), x)
    end if
end function circuit_cot_pi

! -1/(x+k), and what the roundings of the sum and of the quotient lost.
pure function circuit_reciprocal(x, k) result(terms)
    real(real64), intent(in) :: x, k
    real(real64) :: terms(3), total, quotient, lost, a, b, low, rest
    total = x + k
    quotient = 1.0_real64 / total
    lost = merge(x - (total - k), k - (total - x), k > x)
    terms = [-quotient, 0.0_real64, 0.0_real64]
    if (1e-200_real64 < total .and. total < 1e200_real64) then
        a = circuit_high(total)
        b = circuit_high(quotient)
        low = total - a
        rest = quotient - b
        terms(2) = -((((1.0_real64 - a * b) - a * rest) - low * b) - low * rest) * quotient ! Dekker 1971
        terms(3) = lost * quotient * quotient
    end if
end function circuit_reciprocal

! By the asymptotic series, to which the recurrence lifts (Abramowitz & Stegun 6.3).
pure recursive function circuit_digamma(x) result(y)
    real(real64), intent(in) :: x
    real(real64) :: y, fraction, far, square, power, terms(64)
    real(real64), parameter :: bernoulli(8) = [ &
        1.0_real64 / 6, -1.0_real64 / 30, 1.0_real64 / 42, -1.0_real64 / 30, 5.0_real64 / 66, &
        -691.0_real64 / 2730, 7.0_real64 / 6, -3617.0_real64 / 510]
    integer :: i, k, n
    if (ieee_is_nan(x) .or. x < -huge(x)) then
        y = ieee_value(x, ieee_quiet_nan)
    else if (x == 0.0_real64) then
        y = -1.0_real64 / x
    else if (x > huge(x)) then
        y = x
    else if (x < 0.0_real64) then
        fraction = x - anint(x)
        if (fraction == 0.0_real64) then
            y = ieee_value(x, ieee_quiet_nan)
        else
            y = circuit_digamma(1.0_real64 - x) - 3.141592653589793_real64 * circuit_cot_pi(fraction)
        end if
    else
        k = 0
        n = 0
        do while (x + k < 16.0_real64)
            terms(n + 1:n + 3) = circuit_reciprocal(x, real(k, real64))
            k = k + 1
            n = n + 3
        end do
        far = x + k
        if (k > 0) then ! from 16 to 17, where the logarithm is known to more digits than a number has
            terms(n + 1) = 2.772588722239781_real64
            terms(n + 2) = 9.276187255385198e-17_real64
            terms(n + 3) = circuit_log1p((far - 16.0_real64) / 16.0_real64)
            n = n + 3
        else
            terms(n + 1) = log(far)
            n = n + 1
        end if
        square = 1.0_real64 / far / far
        power = square
        do i = 1, 8
            terms(n + i) = -bernoulli(i) / (2 * i) * power
            power = power * square
        end do
        terms(n + 9) = -0.5_real64 / far
        y = circuit_sum(terms(:n + 9))
    end if
end function circuit_digamma

! The sum of (x+k)^-s over k >= 0, by Euler and Maclaurin (DLMF 25.11.43).
pure function circuit_hurwitz(s, x) result(y)
    real(real64), intent(in) :: s, x
    real(real64) :: y, far, factor, terms(256)
    real(real64), parameter :: bernoulli(13) = [ &
        1.0_real64 / 6, -1.0_real64 / 30, 1.0_real64 / 42, -1.0_real64 / 30, 5.0_real64 / 66, &
        -691.0_real64 / 2730, 7.0_real64 / 6, -3617.0_real64 / 510, 43867.0_real64 / 798, &
        -174611.0_real64 / 330, 854513.0_real64 / 138, -236364091.0_real64 / 2730, 8553103.0_real64 / 6]
    integer :: k, n
    n = 0
    far = x
    do while (far < 12.0_real64 + s)
        n = n + 1
        terms(n) = far**(-s)
        far = far + 1.0_real64
    end do
    terms(n + 1) = far**(1.0_real64 - s) / (s - 1.0_real64)
    terms(n + 2) = 0.5_real64 * far**(-s)
    n = n + 2
    factor = s * far**(-s - 1.0_real64)
    do k = 1, 13
        factor = factor / merge(2.0_real64, 2.0_real64 * k * (2.0_real64 * k - 1.0_real64), k == 1)
        terms(n + k) = bernoulli(k) * factor
        factor = factor * ((s + 2 * k - 1) * (s + 2 * k) / (far * far))
    end do
    y = circuit_sum(terms(:n + 13))
end function circuit_hurwitz

! The n-th derivative of pi cot(pi x), a polynomial in c = cot(pi x): each step is -(1+c^2) d/dc.
pure function circuit_cotangent(n, x) result(y)
    integer, intent(in) :: n
    real(real64), intent(in) :: x
    real(real64) :: y, c, old(0:164), next(0:164)
    integer :: k, step
    c = circuit_cot_pi(x)
    old = 0.0_real64
    old(1) = 1.0_real64
    do step = 1, n
        next = 0.0_real64
        do k = 1, step
            next(k - 1) = next(k - 1) - k * old(k)
            next(k + 1) = next(k + 1) - k * old(k)
        end do
        old = next
    end do
    y = 0.0_real64
    do k = n + 1, 0, -1
        y = y * c + old(k)
    end do
    y = y * 3.141592653589793_real64**(n + 1)
end function circuit_cotangent

! The n-th derivative of digamma.
pure recursive function circuit_polygamma(n, x) result(y)
    real(real64), intent(in) :: n, x
    real(real64) :: y, plus, fraction
    logical :: odd
    integer :: k
    odd = mod(n, 2.0_real64) == 1.0_real64
    plus = merge(1.0_real64, -1.0_real64, odd)
    y = ieee_value(x, ieee_quiet_nan)
    if (.not. (n >= 0.0_real64 .and. n <= 160.0_real64)) return
    if (n /= aint(n) .or. ieee_is_nan(x)) return
    if (n == 0.0_real64) then
        y = circuit_digamma(x)
    else if (abs(x) > huge(x)) then
        if (x > 0.0_real64) y = 0.0_real64 * plus
    else if (x == 0.0_real64) then
        y = merge(ieee_value(x, ieee_positive_inf), -1.0_real64 / x, odd)
    else if (x < 0.0_real64) then
        fraction = x - anint(x)
        if (fraction /= 0.0_real64) then
            y = -plus * circuit_polygamma(n, 1.0_real64 - x) - circuit_cotangent(int(n), fraction)
        else if (odd) then
            y = ieee_value(x, ieee_positive_inf)
        end if
    else
        do k = 2, int(n)
            plus = plus * k
        end do
        y = plus * circuit_hurwitz(n + 1.0_real64, x)
    end if
end function circuit_polygamma
