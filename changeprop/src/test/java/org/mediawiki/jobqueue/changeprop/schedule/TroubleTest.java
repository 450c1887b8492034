package org.mediawiki.jobqueue.changeprop.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.apache.kafka.streams.errors.StreamsException;
import org.junit.jupiter.api.Test;

final class TroubleTest {

    private final Throwable fullDisk = new StreamsException(
            "punctuating", new ProcessorStateException("removing", new IOException("No space left on device")));

    @Test
    void whatIsAtTheBottomIsNamed() {
        assertThat(Trouble.why(fullDisk)).contains("punctuating").contains("No space left on device");
    }

    @Test
    void whatWasTheMatterIsKnownUntilALifeHasLasted() {
        Trouble trouble = new Trouble();
        assertThat(trouble.last()).isEmpty();
        trouble.tell(fullDisk);
        assertThat(trouble.last()).hasValueSatisfying(why -> assertThat(why).contains("No space left"));
        trouble.over();
        assertThat(trouble.last()).isEmpty();
    }

    @Test
    void aStoreThatCannotBeUsedIsKnownByItsCause() {
        assertThat(Trouble.isOfStores(fullDisk)).isTrue();
        assertThat(Trouble.isOfStores(new StreamsException("the brokers"))).isFalse();
    }
}
