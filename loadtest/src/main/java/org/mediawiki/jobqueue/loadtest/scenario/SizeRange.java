package org.mediawiki.jobqueue.loadtest.scenario;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Random;
import org.mediawiki.jobqueue.changeprop.config.DataSize;

/**
 * How large something is: always the same, or drawn evenly from {@code least} to {@code most}. Written {@code 1KiB}, or
 * {@code 400B-4KiB}.
 *
 * @param least above zero
 * @param most not less than {@code least}; up to 8 MiB, which is what the producer sends at once
 */
public record SizeRange(DataSize least, DataSize most) {

    private static final DataSize LARGEST = DataSize.ofMebibytes(8);

    public SizeRange {
        if (most.bytes() < least.bytes()) {
            throw new IllegalArgumentException(
                    "must be from the smaller to the larger size, not " + least + "-" + most);
        }
        if (most.bytes() > LARGEST.bytes()) {
            throw new IllegalArgumentException("must be " + LARGEST + " or less, not " + most);
        }
    }

    static SizeRange always(DataSize size) {
        return new SizeRange(size, size);
    }

    /** As it stands in a file: a number without a unit is told like any other text that is no size. */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static SizeRange read(JsonNode value) {
        return parse(value.asText());
    }

    /**
     * Reads one size, or two with a hyphen between.
     *
     * @throws IllegalArgumentException where the text is neither
     */
    static SizeRange parse(String text) {
        String[] ends = text.split("-", 2);
        DataSize least = DataSize.parse(ends[0]);
        return new SizeRange(least, ends.length == 1 ? least : DataSize.parse(ends[1]));
    }

    /** One of them, in bytes; the same for the same {@code random}. */
    public int drawBytes(Random random) {
        int spread = (int) (most.bytes() - least.bytes());
        return (int) least.bytes() + random.nextInt(spread + 1);
    }
}
