// SPDX-License-Identifier: Apache-2.0

/// An address with a prefix length as `ip` reads it from its command line.
///
/// The address is read as by ``AddressArgument``. The length may be decimal, octal, hexadecimal, or an IPv4 mask,
/// itself abbreviated or not, also behind an IPv6 address: `10/255.0`, `dead:beef::/0x20`.
public enum PrefixArgument: Hashable, Sendable {
    /// `any` or `all`: no address, in requests an attribute left out.
    case any
    /// `default` where no family was asked for: length zero, of whichever family the place has.
    case `default`
    /// One prefix, and whether its length was written or follows from the address.
    case prefix(IPPrefix, hasLength: Bool)

    /// Reads a word.
    ///
    /// - Parameters:
    ///   - text: The word as the user wrote it.
    ///   - family: The family that belongs here, nil where the text decides.
    /// - Throws: ``AddressSyntaxError`` with form ``AddressSyntaxError/Form/prefix``.
    public init(parsing text: String, family: AddressFamily? = nil) throws(AddressSyntaxError) {
        let family = family == .unspecified ? nil : family
        do throws(AddressSyntaxError.Problem) {
            self = try Self.read(text.utf8.span, family: family)
        } catch {
            throw AddressSyntaxError(.prefix, text, family: family, problem: error)
        }
    }

    /// The prefix as the place where it stands has it.
    ///
    /// - Parameter family: The family of the place, of which `default` is made.
    /// - Returns: The prefix, of length zero for `default` and nil for `any`.
    public func prefix(in family: AddressFamily) -> IPPrefix? {
        switch self {
        case .any: nil
        case .default: IPAddress(anyOf: family).flatMap { IPPrefix($0, length: 0) }
        case .prefix(let prefix, hasLength: _): prefix
        }
    }

    private static func read(
        _ text: Span<UInt8>, family: AddressFamily?
    ) throws(AddressSyntaxError.Problem) -> PrefixArgument {
        if family == .packet { throw .notAllowed }
        var slash = 0
        while slash < text.count, text[slash] != ASCII.slash { slash += 1 }
        let hasLength = slash < text.count
        let addressText = text.extracting(first: slash)
        let argument = try AddressArgument.read(addressText, family: family)
        let isDefault = addressText.isEqual(to: "default")
        if hasLength, argument == .any || isDefault { throw .malformedLength }
        switch argument {
        case .any: return .any
        case .default: return .default
        case .address(let zeros) where isDefault: return .prefix(IPPrefix(checked: zeros, length: 0), hasLength: true)
        case .address(let address):
            guard hasLength else { return .prefix(IPPrefix(address), hasLength: false) }
            let length = try length(text.extracting(droppingFirst: slash + 1), bitCount: address.bitCount)
            return .prefix(IPPrefix(checked: address, length: length), hasLength: true)
        }
    }

    private static func length(_ text: Span<UInt8>, bitCount: Int) throws(AddressSyntaxError.Problem) -> UInt8 {
        var index = 0
        if let number = text.number(at: &index), index == text.count {
            guard number <= UInt64(bitCount) else { throw .lengthOutOfRange }
            return UInt8(truncatingIfNeeded: number)
        }
        if text.isEqual(to: "default") || text.isEqual(to: "any") || text.isEqual(to: "all") { return 0 }
        guard let mask = try? IPv4Address(abbreviated: text) else { throw .malformedLength }
        guard let length = mask.maskLength else { throw .maskHasGaps }
        return UInt8(truncatingIfNeeded: length)
    }
}
