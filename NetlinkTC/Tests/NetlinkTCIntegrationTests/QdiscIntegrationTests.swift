// SPDX-License-Identifier: Apache-2.0

import NetlinkTC
import Testing

@Suite struct QdiscIntegrationTests {}
