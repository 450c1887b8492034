package org.mediawiki.jobqueue.changeprop.config.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.mediawiki.jobqueue.changeprop.config.DataSize;
import org.mediawiki.jobqueue.changeprop.config.Rate;

class UnitsModuleTest {

    private final ObjectMapper mapper = new ObjectMapper().registerModule(new UnitsModule());

    private record Values(Duration duration, Rate rate, DataSize size) {}

    @Test
    void readsWhatHasAUnit() throws JsonProcessingException {
        Values read = mapper.readValue("{\"duration\": \"7m\", \"rate\": \"5/s\", \"size\": \"1MiB\"}", Values.class);

        assertThat(read).isEqualTo(new Values(Duration.ofMinutes(7), new Rate(5), DataSize.ofMebibytes(1)));
    }

    @Test
    void tellsWhereATextIsNoneAndTheRule() {
        assertThatExceptionOfType(MismatchedInputException.class)
                .isThrownBy(() -> mapper.readValue("{\"rate\": \"fast\"}", Values.class))
                .withMessageContaining("must be a rate above zero with a unit (jobs per s, m or h), not fast")
                .withMessageContaining("[\"rate\"]");
        assertThatExceptionOfType(MismatchedInputException.class)
                .isThrownBy(() -> mapper.readValue("{\"duration\": {}}", Values.class));
    }
}
