package kinds

import (
	"testing"
	"time"
)

func TestEventTime(t *testing.T) {
	t.Parallel()
	for fields, want := range map[string]string{
		`lastTimestamp: "2026-11-21T04:00:01Z"`:                                                 "2026-11-21T04:00:01Z",
		`eventTime: "2026-11-21T04:00:02Z"`:                                                     "2026-11-21T04:00:02Z",
		`series: {lastObservedTime: "2026-11-21T04:00:03Z"}, eventTime: "2026-11-21T04:00:02Z"`: "2026-11-21T04:00:03Z",
		`metadata: {name: e, creationTimestamp: "2026-11-21T04:00:04Z"}`:                        "2026-11-21T04:00:04Z",
		`lastTimestamp: null`: "0001-01-01T00:00:00Z",
	} {
		u := object(t, "{apiVersion: v1, kind: Event, "+fields+"}")
		if got := EventTime(u).Format(time.RFC3339); got != want {
			t.Errorf("%s: %s, want %s", fields, got, want)
		}
	}
}
