// SPDX-License-Identifier: Apache-2.0

internal import CommandKit

#if canImport(Musl)
import Musl
#else
import Glibc
#endif

/// The terminal that is written to.
enum Terminal {
    /// How many columns it has; nil where output goes elsewhere.
    static var width: Int? {
        guard System.isTerminal(1) else { return nil }
        var size = winsize()
        guard unsafe ioctl(1, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return Int(size.ws_col)
    }
}
