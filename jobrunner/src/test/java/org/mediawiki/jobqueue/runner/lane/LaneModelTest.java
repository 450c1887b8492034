package org.mediawiki.jobqueue.runner.lane;

import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random work in a lane against a naive model, every rule checked after every step; the seed is the parameter. */
class LaneModelTest {

    @ParameterizedTest
    @MethodSource("seeds")
    void keepsAndUsesEveryLimitAndLosesNoTask(long seed) {
        LaneModel model = new LaneModel(seed);
        for (int step = 0; step < 600; step++) {
            model.step();
            model.check();
        }
        model.runToTheEnd();
        model.checkThatEveryTaskIsAccountedFor();
    }

    static LongStream seeds() {
        return LongStream.range(0, 100);
    }
}
