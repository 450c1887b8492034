package org.mediawiki.jobqueue.loadtest.measure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ContenderTest {

    @Test
    void anInstanceIsKnownByItsUserAgent() {
        assertThat(Contender.instanceNamed(Contender.nameOf(0))).isZero();
        assertThat(Contender.instanceNamed(Contender.nameOf(12))).isEqualTo(12);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "instance-", "instance-x", "instance--1", "ChangePropagation-JobQueue/WMF"})
    void othersAreNot(String userAgent) {
        assertThat(Contender.instanceNamed(userAgent)).isEqualTo(Contender.UNKNOWN);
    }
}
