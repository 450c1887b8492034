package org.mediawiki.jobqueue.changeprop.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class FreePortsTest {

    @Test
    void findsDifferentPortsBelowTheRangeOfOutgoingConnections() {
        List<Integer> ports = new FreePorts(new Random(42)).find(50);

        assertThat(ports).doesNotHaveDuplicates().allMatch(port -> port >= 20_000 && port < 32_000);
    }

    @Test
    void passesOverAPortThatIsTaken() throws IOException {
        int first = new FreePorts(new Random(42)).find(1).get(0);
        try (ServerSocket taken = new ServerSocket(first, 1, InetAddress.getLoopbackAddress())) {
            assertThat(new FreePorts(new Random(42)).find(1)).doesNotContain(taken.getLocalPort());
        }
    }
}
