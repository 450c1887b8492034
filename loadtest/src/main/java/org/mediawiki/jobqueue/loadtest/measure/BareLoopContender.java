package org.mediawiki.jobqueue.loadtest.measure;

import java.util.List;

/** {@link BareLoop} with as many places as all limits together. */
record BareLoopContender() implements Contender {

    @Override
    public String name() {
        return "bare-loop";
    }

    @Override
    public List<String> command(Course course, int instance) {
        List<String> command = Contenders.java(course, List.of(), System.getProperty("java.class.path"));
        command.addAll(List.of(
                BareLoop.class.getName(),
                course.bootstrapServers(),
                String.join(",", Contenders.topics(course)),
                course.target().toString(),
                course.caFile().toString(),
                Integer.toString(course.dispatcher().sumOfLimits())));
        return command;
    }
}
