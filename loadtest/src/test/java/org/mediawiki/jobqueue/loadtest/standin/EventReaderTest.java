package org.mediawiki.jobqueue.loadtest.standin;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EventReaderTest {

    private static final String EVENT = "{\"$schema\":\"/mediawiki/job/1.0.0\",\"meta\":{\"uri\":\"u\",\"id\":\"i\","
            + "\"deep\":{\"id\":\"not this\"},\"stream\":\"mediawiki.job.cdnPurge\"},\"database\":\"enwiki\","
            + "\"params\":{\"type\":\"nor this\",\"list\":[1,{}]},\"type\":\"cdnPurge\"}";

    private final EventReader reader = new EventReader();

    @Test
    void findsTheFieldsOfAJobWhereverTheyStand() {
        assertThat(read(EVENT)).isEqualTo(new EventFields("cdnPurge", "enwiki", "i", "mediawiki.job.cdnPurge"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "[]", "7", "\"text\"", "{", "{}", "{\"meta\":7,\"type\":[],\"database\":null}"})
    void findsNothingInWhatIsNoJob(String body) {
        assertThat(read(body)).isEqualTo(new EventFields("", "", "", ""));
    }

    @Test
    void keepsWhatStoodBeforeTheEnd() {
        assertThat(read("{\"type\":\"cdnPurge\",\"meta\":{\"id\":\"i\",").type())
                .isEqualTo("cdnPurge");
    }

    @Test
    void neverThrowsWhateverTheBytes() {
        Random random = new Random(7);
        byte[] event = EVENT.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 5_000; i++) {
            byte[] spoilt = event.clone();
            spoilt[random.nextInt(spoilt.length)] = (byte) random.nextInt();

            assertThat(reader.read(spoilt)).isNotNull();
        }
        assertThat(read("{\"a\":" + "[".repeat(5_000))).isNotNull();
    }

    private EventFields read(String body) {
        return reader.read(body.getBytes(StandardCharsets.UTF_8));
    }
}
