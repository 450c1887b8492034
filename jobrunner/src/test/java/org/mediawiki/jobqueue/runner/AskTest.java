package org.mediawiki.jobqueue.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AskTest {

    private final List<Runnable> queue = new ArrayList<>();

    @Test
    void theAnswerComesWhenTheExecutorGetsRoundToIt() {
        CompletableFuture<String> answer = Ask.on(queue::add, () -> "it is so");
        assertThat(answer).isNotDone();

        queue.forEach(Runnable::run);

        assertThat(answer).isCompletedWithValue("it is so");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatIsThrownIsToldAsItIsAndDoesNotReachTheExecutor(boolean isError) {
        List<Throwable> told = new ArrayList<>();
        CompletableFuture<String> answer = Ask.on(queue::add, () -> fail(isError));
        var unused = answer.whenComplete((value, failure) -> told.add(failure));

        queue.forEach(Runnable::run);

        assertThat(told).hasSize(1);
        assertThat(told.get(0))
                .isInstanceOf(isError ? NoClassDefFoundError.class : IllegalStateException.class)
                .hasMessage("a bug");
    }

    @Test
    void anExecutorThatTakesNoMoreIsHeardOfAtOnce() {
        Executor full = ignored -> {
            throw new RejectedExecutionException("full");
        };

        assertThatThrownBy(() -> {
                    var unused = Ask.on(full, () -> "nobody answers");
                })
                .isInstanceOf(RejectedExecutionException.class);
    }

    private static String fail(boolean isError) {
        if (isError) {
            throw new NoClassDefFoundError("a bug");
        }
        throw new IllegalStateException("a bug");
    }
}
