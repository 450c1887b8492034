package org.mediawiki.jobqueue.changeprop.app;

import java.util.Optional;
import org.mediawiki.jobqueue.changeprop.config.EffectiveConfig;
import org.mediawiki.jobqueue.changeprop.config.JobTypeConfig;
import org.mediawiki.jobqueue.changeprop.config.JobTypePolicy;
import org.mediawiki.jobqueue.changeprop.config.LaneConfig;
import org.mediawiki.jobqueue.changeprop.status.TypeStatus.Limits;

/** What the configuration that is in force says of lanes and job types, for those who look. Pure. */
final class InForce {

    private final EffectiveConfig effective;

    InForce(EffectiveConfig effective) {
        this.effective = effective;
    }

    /** Empty where there is no such lane, or not any more. */
    Optional<LaneConfig> lane(String name) {
        return Optional.ofNullable(effective.configuration().lanes().get(name));
    }

    /** Where the jobs of a lane are posted. */
    String uri(String lane) {
        return effective.targetOf(lane).uri().toString();
    }

    /** Empty where the lane does not run the type, or not any more. */
    Optional<JobTypePolicy> policy(String lane, String type) {
        return lane(lane)
                .filter(settings ->
                        settings.lowTraffic() != null || settings.jobs().containsKey(type))
                .map(settings -> effective.policyFor(lane, type));
    }

    Limits limits(JobTypePolicy policy) {
        JobTypeConfig settings = policy.settings();
        return new Limits(
                policy.pool(),
                settings.concurrency(),
                settings.rate() == null ? null : settings.rate().perSecond(),
                settings.perWiki(),
                settings.perSection(),
                settings.priority(),
                settings.paused() || effective.lane(policy.lane()).paused(),
                settings.timeout().toSeconds(),
                settings.retry().limit());
    }
}
