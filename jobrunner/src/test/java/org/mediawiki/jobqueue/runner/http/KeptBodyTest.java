package org.mediawiki.jobqueue.runner.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mediawiki.jobqueue.runner.Answer;

class KeptBodyTest {

    @ParameterizedTest
    @CsvSource({
        "8, '', ''",
        "8, 01234567, 01234567",
        "8, 012345678, 012345|78",
        "8, 0123456789abcdef, 012345|ef",
        "1, 01, 0|",
        "3, 0123, 012|",
        "4, 01234, 012|4",
    })
    void keepsAllOfAShortBodyAndTheStartAndTheEndOfALongOne(int maxBytes, String body, String kept) {
        KeptBody whole = new KeptBody(maxBytes);
        KeptBody byteByByte = new KeptBody(maxBytes);
        whole.add(Buffer.buffer(body));
        body.chars().forEach(c -> byteByByte.add(Buffer.buffer(String.valueOf((char) c))));
        String expected = kept.replace("|", Answer.CUT);
        assertThat(whole.text()).isEqualTo(expected);
        assertThat(byteByByte.text()).isEqualTo(expected);
    }

    @Test
    void keepsTheSameWhateverThePiecesAre() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            int maxBytes = 1 + random.nextInt(40);
            KeptBody body = new KeptBody(maxBytes);
            StringBuilder all = new StringBuilder();
            int pieces = random.nextInt(12);
            for (int i = 0; i < pieces; i++) {
                String piece = "abcdefghijklmnopqrstuvwxyz".substring(random.nextInt(26));
                all.append(piece);
                body.add(Buffer.buffer(piece));
            }
            assertThat(body.text()).as("seed %d, round %d", seed, round).isEqualTo(naive(all.toString(), maxBytes));
        }
    }

    @Test
    void neverTouchesThePieceThatItWasGiven() {
        Buffer piece = Buffer.buffer("abcd");
        KeptBody body = new KeptBody(8);
        body.add(piece);
        body.add(Buffer.buffer("efghijkl"));
        assertThat(body.text()).isEqualTo("abcdef" + Answer.CUT + "kl");
        assertThat(piece).isEqualTo(Buffer.buffer("abcd"));
    }

    private static String naive(String all, int maxBytes) {
        if (all.length() <= maxBytes) {
            return all;
        }
        int end = maxBytes / 4;
        return all.substring(0, maxBytes - end) + Answer.CUT + all.substring(all.length() - end);
    }
}
