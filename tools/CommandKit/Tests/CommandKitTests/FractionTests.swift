// SPDX-License-Identifier: Apache-2.0

import CommandKit
import Testing

/// Expected values are what C's printf prints (glibc 2.36).
struct FractionTests {
    @Test(arguments: [
        (0.0, 6, "0.000000"), (1.5, 0, "2"), (2.5, 0, "2"), (0.5, 0, "0"), (1.005, 2, "1.00"), (1.245, 2, "1.25"),
        (9.995, 2, "9.99"),
        (9.996, 2, "10.00"), (99.95, 1, "100.0"), (999.5, 0, "1000"), (-0.0, 1, "-0.0"), (-1.25, 1, "-1.2"),
        (1e-7, 6, "0.000000"),
        (5e-7, 6, "0.000000"), (6e-7, 6, "0.000001"), (1e15, 2, "1000000000000000.00"),
        (123456789.125, 2, "123456789.12"),
        (0.1, 20, "0.10000000000000000555"), (18_446_744_073_709_551_616, 0, "18446744073709551616"),
        (1e23, 0, "99999999999999991611392"),
        (0.999999, 5, "1.00000"), (.leastNonzeroMagnitude, 3, "0.000"),
    ])
    func fixedPointIsExact(value: Double, decimals: Int, expected: String) {
        #expect(text(FixedPoint(value, decimals: decimals)) == expected)
    }

    @Test(arguments: [
        (0.0, "0"), (1.0, "1"), (1.001, "1.001"), (4294.967, "4294.97"), (705032.705, "705033"),
        (4294967.295, "4.29497e+06"),
        (1234.567, "1234.57"), (99.999, "99.999"), (10000, "10000"), (999999.5, "1e+06"), (999999.4, "999999"),
        (0.0001, "0.0001"),
        (0.001, "0.001"), (0.01, "0.01"), (0.1, "0.1"), (0.12, "0.12"), (12.03, "12.03"), (999.999, "999.999"),
        (999.9995, "1000"), (999.9994, "999.999"), (0.0015, "0.0015"), (0.3, "0.3"), (0.1 + 0.2, "0.3"),
        (0.00001, "1e-05"), (-2.5, "-2.5"), (1e100, "1e+100"), (123456.5, "123456"), (0.1234565, "0.123456"),
    ])
    func sixDigitsAreThoseOfPrintf(value: Double, expected: String) {
        #expect(text(SixDigits(value)) == expected)
    }

    @Test func whatIsNoNumberIsNamed() {
        #expect(text(FixedPoint(.infinity, decimals: 2)) == "inf")
        #expect(text(SixDigits(-.infinity)) == "-inf")
        #expect(text(FixedPoint(.nan, decimals: 2)) == "nan")
        #expect(text(FixedPoint(.greatestFiniteMagnitude, decimals: 0)).count == 309)
        #expect(text(FixedPoint(1, decimals: -3)) == "1")
    }
}
