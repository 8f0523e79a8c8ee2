// SPDX-License-Identifier: Apache-2.0

/// What a datagram of notifications can have besides those that can be read.
public enum NotificationFault: Sendable {
    /// The kernel says that notifications were lost.
    case overflow
    /// A message that could not be read, as the kernel's bytes with its header.
    case malformed(DecodeError, [UInt8])
}

extension MessageReader {
    /// Gives the messages of a datagram of notifications to `read`, and what is wrong to `tell`, in their order.
    ///
    /// Control messages are passed over, but an overrun is told. Behind a message that `read` cannot read it goes on.
    @inlinable @inline(__always)
    public static func readNotifications(
        of datagram: RawSpan, telling tell: (NotificationFault) -> Void,
        reading read: (borrowing Message) throws(DecodeError) -> Void
    ) {
        var reader = MessageReader(datagram)
        do throws(DecodeError) {
            while let message = try reader.next() {
                let type = message.header.type
                guard type >= ControlMessageType.firstProtocolType else {
                    if type == ControlMessageType.overrun.rawValue { tell(.overflow) }
                    continue
                }
                do throws(DecodeError) {
                    try read(message)
                } catch {
                    tell(.malformed(error, message.header.bytes + message.payload.array))
                }
            }
        } catch {
            tell(.malformed(error, datagram.array))
        }
    }
}
