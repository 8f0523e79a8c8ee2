// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import CommandKit

struct ColorSchemeTests {
    /// COLORFGBG=X ip -c link show lo, iproute2 6.15: `ESC[1;36m` on a dark background, `ESC[36m` else.
    @Test(arguments: [
        ("15;0", true), ("0;15", false), ("0;8", true), ("0;7", false), ("0;6", true), ("0;16", false),
        ("0;default", false),
        ("0", false), ("5", false), (";5", true), ("a;b;3", true), ("15;default;0", true), ("", false), (";", false),
        ("0;9", false),
    ])
    func theBackgroundDecides(value: String, isBright: Bool) {
        #expect(ColorScheme.of(background: Array(value.utf8)) == (isBright ? .bright : .plain))
    }

    @Test func withoutTheVariableColorsArePlain() {
        #expect(ColorScheme.of(background: nil) == .plain)
        #expect(ColorMode.never.scheme() == .none)
    }
}
