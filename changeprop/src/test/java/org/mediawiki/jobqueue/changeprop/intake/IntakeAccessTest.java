package org.mediawiki.jobqueue.changeprop.intake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.Base64;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mediawiki.jobqueue.changeprop.config.Secret;

class IntakeAccessTest {

    private static final InetSocketAddress ANYBODY = new InetSocketAddress("192.0.2.7", 1);

    @Test
    void letsEverybodyInWhereNothingIsAsked() {
        assertThat(new IntakeAccess(Set.of(), null).refusal(ANYBODY, null)).isEmpty();
        assertThat(new IntakeAccess(Set.of(), null).refusal(null, null)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "10.2.3.4, true",
        "10.3.0.1, false",
        "127.0.0.1, true",
        "127.0.0.2, false",
        "fd00::17, true",
        "fe80::1, false"
    })
    void letsInByAddress(String address, boolean in) {
        IntakeAccess access = new IntakeAccess(Set.of("10.2.0.0/16", "127.0.0.1", "fd00::/8"), null);

        assertThat(access.refusal(new InetSocketAddress(address, 1), null))
                .isEqualTo(in ? OptionalInt.empty() : OptionalInt.of(403));
        assertThat(access.isStranger(new InetSocketAddress(address, 1))).isNotEqualTo(in);
    }

    @Test
    void knowsItsGuestsByTheSecret() {
        IntakeAccess access = new IntakeAccess(Set.of(), new Secret("s3cret:ü"));

        assertThat(access.refusal(ANYBODY, "Bearer s3cret:ü")).isEmpty();
        assertThat(access.refusal(ANYBODY, "basic " + base64("anybody:s3cret:ü")))
                .as("what curl makes of http://anybody:s3cret:ü@host/")
                .isEmpty();
        assertThat(access.refusal(ANYBODY, "basic " + base64("anybody:s3cret:ü\n")))
                .as("out of a file")
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "Bearer", "Bearer ", "Bearer s3cre", "Bearer s3cret2", "Basic %%%", "Basic", "Digest s3cret"
            })
    void whoDoesNotKnowItStaysOut(String authorization) {
        IntakeAccess access = new IntakeAccess(Set.of(), new Secret("s3cret"));

        assertThat(access.refusal(ANYBODY, authorization)).hasValue(401);
        assertThat(access.refusal(ANYBODY, null)).hasValue(401);
    }

    /** Else it would be compared as an empty one, which some secret may be. */
    @ParameterizedTest
    @ValueSource(strings = {"", "x", "Digest", "Digest s3cret", "Bearer", "Basic", "Basic %%%"})
    void whoBringsNoSecretBringsNoEmptyOneEither(String authorization) {
        IntakeAccess access = new IntakeAccess(Set.of(), new Secret(""));

        assertThat(access.refusal(ANYBODY, authorization)).hasValue(401);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }
}
