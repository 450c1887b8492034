package org.mediawiki.jobqueue.changeprop.dedupe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class FingerprintTest {

    @Test
    void tellsTextsApartThatAreAlike() {
        List<String> texts = List.of(
                "",
                "a",
                "A",
                "4f93e248-7d8b-4b2c-9f1e-0123456789ab",
                "4F93E248-7D8B-4B2C-9F1E-0123456789AB",
                "4f93e2487-d8b-4b2c-9f1e-0123456789ab",
                "4f93e248-7d8b-4b2c-9f1e-0123456789ag",
                "4f93e2487d8b4b2c9f1e0123456789ab",
                "da39a3ee5e6b4b0d3255bfef95601890afd80709",
                "DA39A3EE5E6B4B0D3255BFEF95601890AFD80709",
                "da39a3ee5e6b4b0d3255bfef95601891afd80709",
                "da39a3ee5e6b4b0d3255bfef95601890afd8070",
                "ga39a3ee5e6b4b0d3255bfef95601890afd80709",
                "\u00e9",
                "?");

        assertThat(texts.stream().map(Fingerprint::of)).doesNotHaveDuplicates();
        assertThat(texts.stream().map(Fingerprint::of))
                .containsExactlyElementsOf(texts.stream().map(Fingerprint::of).toList());
    }

    @Test
    void isAUuidItself() {
        assertThat(Fingerprint.of("4f93e248-7d8b-4b2c-9f1e-0123456789ab"))
                .isEqualTo(new Fingerprint(0x4f93e2487d8b4b2cL, 0x9f1e0123456789abL));
        assertThat(Fingerprint.of("da39a3ee5e6b4b0d3255bfef95601890afd80709"))
                .isEqualTo(new Fingerprint(0xda39a3ee5e6b4b0dL, 0x3255bfef95601890L));
    }
}
