// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import NetlinkCore

@Suite("Alignment in written messages") struct MessageAlignmentTests {
    /// An attribute's bytes in host order, its payload as it stands.
    private func attribute(_ length: Int, _ type: UInt16, _ rest: [UInt8]) -> [UInt8] {
        written { writer in
            writer.append(UInt16(length))
            writer.append(type)
            writer.append(rest.rawSpan)
        }
    }

    @Test("what a client appends without an attribute around it misaligns nothing behind it", arguments: 0...9)
    func rawBytes(byteCount: Int) throws {
        let raw = [UInt8](repeating: 0xee, count: byteCount)
        let padded = raw + [UInt8](repeating: 0, count: -byteCount & 3)
        let next = attribute(5, 1, [7, 0, 0, 0])
        // The nest's length is that of its contents; the padding is not in it.
        let nest = attribute(4 + byteCount, 0x8002, padded)
        #expect(
            written { writer in
                writer.nest(ItemAttribute.name) { $0.append(raw.rawSpan) }
                writer.put(ItemAttribute.value, UInt8(7))
            } == nest + next)
        #expect(
            written { writer in
                writer.nest(ItemAttribute.name) { writer in
                    writer.append(raw.rawSpan)
                    writer.put(ItemAttribute.value, UInt8(7))
                }
            } == attribute(4 + padded.count + 8, 0x8002, padded) + next)
        // A fixed header of odd length in front, as families of one byte have it.
        for body: (inout MessageWriter) -> Void in [
            { $0.put(ItemAttribute.value, UInt8(7)) },
            { $0.nestUnlessEmpty(ItemAttribute.name) { _ in } },
            { $0.nestUnlessEmpty(ItemAttribute.name) { $0.put(ItemAttribute.value, UInt8(7)) } },
        ] {
            let bytes = written { writer in
                writer.append(raw.rawSpan)
                body(&writer)
            }
            #expect(bytes == padded + written(body))
        }
        // Nor behind a nest that is the last that fits.
        let limit = 64
        let full = failure(capacity: limit, limit: limit) { writer in
            writer.append(zeros: limit - 4 - byteCount)
            writer.nest(ItemAttribute.name) { $0.append(raw.rawSpan) }
        }
        #expect(full == nil || full?.code == .messageTooLong)
    }
}
