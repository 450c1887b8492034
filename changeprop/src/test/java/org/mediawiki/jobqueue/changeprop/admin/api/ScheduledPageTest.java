package org.mediawiki.jobqueue.changeprop.admin.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.mediawiki.jobqueue.changeprop.schedule.WaitingId;

/** Pages of several instances, merged. */
final class ScheduledPageTest {

    private static final long DUE = 1_800_000_000_000L;

    @Test
    void whatIsDueAtOnceIsInTheOrderInWhichTheNextPageGoesOn() {
        WaitingId sooner = new WaitingId(1, "refreshLinks", DUE, 3);
        WaitingId later = new WaitingId(0, "refreshLinks", DUE, 5);
        assertThat(later.text()).as("by text it would be the first").isLessThan(sooner.text());

        ScheduledPage merged = page(later).with(List.of(page(sooner)), 1);

        assertThat(merged.jobs()).extracting(ScheduledItem::id).containsExactly(sooner.text());
        assertThat(merged.next()).isEqualTo(sooner.text());
    }

    @Test
    void dueTimeComesBeforeTypeAndTypeBeforeSeq() {
        WaitingId first = new WaitingId(2, "refreshLinks", DUE - 1, 9);
        WaitingId second = new WaitingId(1, "cdnPurge", DUE, 8);
        WaitingId third = new WaitingId(0, "refreshLinks", DUE, 7);
        WaitingId fourth = new WaitingId(1, "refreshLinks", DUE, 7);

        ScheduledPage merged = page(third).with(List.of(page(second, fourth), page(first)), 4);

        assertThat(merged.jobs())
                .extracting(ScheduledItem::id)
                .containsExactly(first.text(), second.text(), third.text(), fourth.text());
        assertThat(merged.next()).isNull();
    }

    private static ScheduledPage page(WaitingId... ids) {
        List<ScheduledItem> items =
                List.of(ids).stream().map(ScheduledPageTest::item).toList();
        return new ScheduledPage(items, List.of(), null);
    }

    private static ScheduledItem item(WaitingId id) {
        Instant due = Instant.ofEpochMilli(id.dueMillis());
        return new ScheduledItem(id.text(), due, "delay", id.type(), "enwiki", "", "", "");
    }
}
