package collect

import (
	"strings"
	"testing"
)

// TestCanaryIsRequested: OpenChoreo reports a Canary as healthy in each of its phases, so the report does not say whether to read it.
func TestCanaryIsRequested(t *testing.T) {
	t.Parallel()
	cluster, subject := recorded(t, "canary-failed")
	subject.Environments = []string{"development"}
	collect(t, cluster, subject)
	if got := cluster.count("GET Canary"); got != 1 {
		t.Errorf("%d requests of it: %s", got, strings.Join(cluster.asked, "\n"))
	}
}
