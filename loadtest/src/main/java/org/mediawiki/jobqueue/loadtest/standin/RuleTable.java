package org.mediawiki.jobqueue.loadtest.standin;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Who is answered how. The newest rule that matches and is not used up decides; a request that no rule is for is
 * answered {@code 200} at once.
 *
 * <pre>{@code
 * rules.on(type("refreshLinks")).answer(ok().after(Duration.ofMillis(100)));
 * rules.on(wiki("dewiki")).answerTimes(2, status(503)).then(ok());
 * }</pre>
 *
 * <p>May be changed from any thread while requests are served; a change holds for requests that are read after it.
 */
public final class RuleTable {

    private final List<Rule> newestFirst = new CopyOnWriteArrayList<>();

    RuleTable() {}

    /** Begins a rule; it holds from the next call on. */
    public Subject on(JobMatch match) {
        return new Subject(match);
    }

    /** Forgets every rule. */
    public void clear() {
        newestFirst.clear();
    }

    Behaviour behaviourFor(JobRequest request) {
        return newestFirst.stream()
                .filter(rule -> rule.match.matches(request))
                .flatMap(rule -> rule.next().stream())
                .findFirst()
                .orElseGet(Behaviour::ok);
    }

    /** The requests that a new rule will be for. */
    public final class Subject {

        private final JobMatch match;

        private Subject(JobMatch match) {
            this.match = match;
        }

        /** Answers every such request like this, until a newer rule or {@link RuleTable#clear}. */
        public void answer(Behaviour behaviour) {
            begin().then(behaviour);
        }

        /** Answers the next so many such requests like this, counted over all jobs; then earlier rules hold again. */
        public Sequence answerTimes(int times, Behaviour behaviour) {
            return begin().thenTimes(times, behaviour);
        }

        private Sequence begin() {
            Rule rule = new Rule(match);
            newestFirst.add(0, rule);
            return new Sequence(rule);
        }
    }

    /** A rule whose answers change as they are used up. */
    public static final class Sequence {

        private final Rule rule;

        private Sequence(Rule rule) {
            this.rule = rule;
        }

        /** From then on, always this. */
        public void then(Behaviour behaviour) {
            rule.add(new Step(behaviour, OptionalInt.empty()));
        }

        /** After that, so many times this. */
        public Sequence thenTimes(int times, Behaviour behaviour) {
            rule.add(new Step(behaviour, OptionalInt.of(times)));
            return this;
        }
    }

    /** One answer, and how often it is left; for ever where it is not said. */
    private record Step(Behaviour behaviour, OptionalInt left) {}

    /** Several event loops take from it, a test adds to it: guarded by its own lock. */
    private static final class Rule {

        private final JobMatch match;
        private final Deque<Step> steps = new ArrayDeque<>();

        private Rule(JobMatch match) {
            this.match = match;
        }

        private synchronized void add(Step step) {
            if (step.left().orElse(1) > 0) {
                steps.addLast(step);
            }
        }

        private synchronized Optional<Behaviour> next() {
            Step step = steps.peekFirst();
            if (step == null) {
                return Optional.empty();
            }
            if (step.left().isPresent()) {
                steps.removeFirst();
                int left = step.left().getAsInt() - 1;
                if (left > 0) {
                    steps.addFirst(new Step(step.behaviour(), OptionalInt.of(left)));
                }
            }
            return Optional.of(step.behaviour());
        }
    }
}
