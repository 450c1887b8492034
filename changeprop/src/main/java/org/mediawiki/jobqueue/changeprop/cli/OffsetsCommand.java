package org.mediawiki.jobqueue.changeprop.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.mediawiki.jobqueue.changeprop.config.Configuration;
import org.mediawiki.jobqueue.changeprop.config.EffectiveConfig;
import org.mediawiki.jobqueue.changeprop.config.load.ConfigurationLoader;
import org.mediawiki.jobqueue.changeprop.config.load.Problem;
import org.mediawiki.jobqueue.changeprop.kafka.KafkaClients;
import org.mediawiki.jobqueue.changeprop.offsets.GroupOffsets;
import org.mediawiki.jobqueue.changeprop.offsets.LegacyGroups;
import org.mediawiki.jobqueue.changeprop.offsets.Transfer;
import org.mediawiki.jobqueue.changeprop.topic.Topics;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code jobqueue offsets}: coming from the legacy service, and going back to it. */
@Command(
        name = "offsets",
        description = "Takes over from the legacy service where it stands, or hands back to it.",
        footer = {
            "",
            "Both services must be stopped: offsets of a group that has members cannot be set.",
            "Exit codes: 0 done; 1 a group has members, or Kafka refused or did not answer; 2 bad usage or"
                    + " configuration."
        },
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true)
public final class OffsetsCommand implements Subcommand {

    @Spec
    private @Nullable CommandSpec spec;

    /** Without import or export there is nothing to do: usage, and exit code 2. */
    @Override
    public Integer call() {
        throw new ParameterException(Subcommand.parsed(spec).commandLine(), "Missing command: import or export");
    }

    @Command(
            name = "import",
            description = "Sets our groups to where the legacy service's stand. What has come farther is not set back.",
            mixinStandardHelpOptions = true)
    int importFromLegacy(@Mixin Settings settings) {
        return settings.run(true);
    }

    @Command(
            name = "export",
            description = "Sets the legacy service's groups to where ours stand.",
            mixinStandardHelpOptions = true)
    int exportToLegacy(@Mixin Settings settings) {
        return settings.run(false);
    }

    /** What both commands are told, and do. */
    static final class Settings {

        @Option(
                names = {"-c", "--config"},
                required = true,
                paramLabel = "FILE",
                description = "The configuration.")
        private Path file = Path.of("");

        @Option(
                names = "--lane",
                paramLabel = "NAME",
                description = "Only this lane; may be repeated. Without it every lane.")
        private List<String> lanes = new ArrayList<>();

        @Option(names = "--dry-run", description = "Show what would be set, and set nothing.")
        private boolean dryRun;

        @Spec(Spec.Target.MIXEE)
        private @Nullable CommandSpec spec;

        int run(boolean fromLegacy) {
            return ConfigurationLoader.load(file, System.getenv())
                    .match(loaded -> run(loaded.configuration(), fromLegacy), refused -> report(refused.problems()));
        }

        private int run(Configuration configuration, boolean fromLegacy) {
            Set<String> known = configuration.lanes().keySet();
            for (String lane : lanes) {
                if (!known.contains(lane)) {
                    throw new ParameterException(
                            Subcommand.parsed(spec).commandLine(), "No lane " + lane + ", only " + known);
                }
            }
            try (Admin admin = new KafkaClients(configuration.kafka(), configuration.service() + "-offsets").admin()) {
                GroupOffsets offsets = new GroupOffsets(admin);
                boolean done = true;
                for (String lane : lanes.isEmpty() ? known : lanes) {
                    done &= transfer(offsets, new EffectiveConfig(configuration), lane, fromLegacy);
                }
                return done ? ExitCode.OK : ExitCode.SOFTWARE;
            } catch (KafkaException e) {
                print(true, "Kafka refuses, or does not answer: " + e + "\n");
                return ExitCode.SOFTWARE;
            }
        }

        private boolean transfer(GroupOffsets offsets, EffectiveConfig effective, String lane, boolean fromLegacy) {
            Topics topics = new Topics(
                    effective.configuration().dc(), effective.configuration().service());
            LegacyGroups legacy = new LegacyGroups(
                    topics,
                    EffectiveConfig.LOW_TRAFFIC,
                    type -> effective.policyFor(lane, type).rule());
            String ours = effective.consumerGroup(lane);
            Set<TopicPartition> partitions =
                    offsets.partitions(effective.typesOf(lane).match(topics::only, topics::allBut));
            Set<String> groups = new HashSet<>(legacy.candidates(partitions));
            groups.add(ours);
            Map<String, Map<TopicPartition, OffsetAndMetadata>> committed = offsets.committed(groups);
            Transfer transfer = fromLegacy
                    ? Transfer.toOurs(partitions, legacy, ours, committed)
                    : Transfer.toLegacy(partitions, legacy, ours, committed);
            print(false, OffsetsReport.of(lane, transfer));
            return isPossible(offsets, groups) && (dryRun || commit(offsets, transfer));
        }

        private boolean isPossible(GroupOffsets offsets, Collection<String> groups) {
            Set<String> busy = offsets.withMembers(groups);
            if (!busy.isEmpty()) {
                print(true, "Nothing was set, since somebody is at work in " + String.join(", ", busy) + ".\n");
            }
            return busy.isEmpty();
        }

        /** A group that gets members at this very moment is left alone, the others are not. */
        private boolean commit(GroupOffsets offsets, Transfer transfer) {
            boolean done = true;
            for (var commits : transfer.commits().entrySet()) {
                if (offsets.commit(commits.getKey(), commits.getValue())) {
                    print(false, "Set " + commits.getValue().size() + " offsets of " + commits.getKey() + ".\n");
                } else {
                    print(true, "Nothing was set for " + commits.getKey() + ": somebody is at work there.\n");
                    done = false;
                }
            }
            return done;
        }

        private int report(List<Problem> problems) {
            print(true, ProblemReport.of(file.toString(), problems));
            return ExitCode.USAGE;
        }

        private void print(boolean isError, String text) {
            var commandLine = Subcommand.parsed(spec).commandLine();
            var out = isError ? commandLine.getErr() : commandLine.getOut();
            out.print(text);
            out.flush();
        }
    }
}
