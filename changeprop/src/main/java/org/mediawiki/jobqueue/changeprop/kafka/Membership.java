package org.mediawiki.jobqueue.changeprop.kafka;

import java.util.function.Supplier;
import org.mediawiki.jobqueue.changeprop.assign.Plan;
import org.mediawiki.jobqueue.changeprop.assign.Strays;

/**
 * How a consumer takes part in its group.
 *
 * @param group the group
 * @param member its name there, of letters, digits, {@code .}, {@code _} and {@code -}: a process that was killed and
 *     comes back under the same name within the session timeout has what it had, and nobody notices (KIP-345). Of two
 *     at once the older one is shut out
 * @param plan what counts while this member leads the group; asked at each assignment, on the thread that polls
 * @param strays what it keeps in mind meanwhile; of that thread too
 */
public record Membership(String group, String member, Supplier<Plan> plan, Strays strays) {}
