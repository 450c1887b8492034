package org.mediawiki.jobqueue.loadtest.command;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.mediawiki.jobqueue.loadtest.measure.Contender;
import org.mediawiki.jobqueue.loadtest.measure.Contenders;
import org.mediawiki.jobqueue.loadtest.scenario.Scenario;
import org.mediawiki.jobqueue.loadtest.scenario.Scenarios;

/**
 * What is to be tried.
 *
 * @param scenarios by their names, in order
 * @param contenders who takes part, in turns
 * @param rounds how often each does, 1 or more
 */
record Plan(Map<String, Scenario> scenarios, List<Contender> contenders, int rounds) {

    Plan {
        if (rounds < 1) {
            throw new IllegalArgumentException("rounds must be 1 or more, not " + rounds);
        }
    }

    /** Who takes part in a round, from 1: in every other one the other way round, so that nobody is always the first. */
    List<Contender> contendersOf(int round) {
        List<Contender> inTurn = new ArrayList<>(contenders);
        if (round % 2 == 0) {
            Collections.reverse(inTurn);
        }
        return inTurn;
    }

    /**
     * Of names, as people give them.
     *
     * @throws IllegalArgumentException where one of them is unknown, or there is no round
     */
    static Plan of(List<String> scenarios, List<String> contenders, int rounds) {
        Map<String, Scenario> found = new LinkedHashMap<>();
        scenarios.forEach(name -> found.put(name, Scenarios.named(name)));
        return new Plan(found, contenders.stream().map(Contenders::named).toList(), rounds);
    }
}
