package org.mediawiki.jobqueue.changeprop.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SecretTest {

    private final Secret secret = new Secret("päss");

    @Test
    void knowsItselfAndNothingElse() {
        assertThat(secret.is("päss")).isTrue();
        assertThat(secret.is("päs")).isFalse();
        assertThat(secret.is("pässs")).isFalse();
        assertThat(secret.is("pass")).isFalse();
        assertThat(secret.is("")).isFalse();
    }

    @Test
    void doesNotTellItself() {
        assertThat(secret).hasToString("(secret)");
    }
}
