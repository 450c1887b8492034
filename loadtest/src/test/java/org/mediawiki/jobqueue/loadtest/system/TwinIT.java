package org.mediawiki.jobqueue.loadtest.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.mediawiki.jobqueue.changeprop.embedded.FreePorts;

/** A process is started once more by mistake, with the same configuration on the same machine. */
final class TwinIT {

    private static final String NAME = "instance/twin";

    private final TestBed bed = new TestBed();

    @AfterEach
    void stop() {
        bed.close();
    }

    /** The port is taken, so it ends before it has begun; the notes of the first hold only while nobody says that it ended. */
    @Test
    void whatDoesNotStartSaysNothingOfItsNamesake() {
        int port = new FreePorts(new SecureRandom()).find(1).get(0);
        Setup setup = Setup.plain().withKeys("instance: twin\nadmin: {port: " + port + "}");
        bed.start(setup);
        TopicTail fleet = bed.tail(bed.fleetTopic());
        fleet.first(record -> key(record.key()).equals(NAME));

        assertThatThrownBy(() -> bed.start(setup))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the admin server cannot listen on 127.0.0.1:" + port);

        assertThat(fleet.all())
                .filteredOn(record -> key(record.key()).equals(NAME))
                .isNotEmpty()
                .allSatisfy(record -> assertThat(record.value()).isNotNull());
    }

    private static String key(byte[] key) {
        return new String(key, StandardCharsets.UTF_8);
    }
}
