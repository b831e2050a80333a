package helm

import (
	"fmt"
	"testing"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/reconcile/reconciletest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

func release(t *testing.T, spec, status string) facts.Object {
	t.Helper()
	return reconciletest.Object(t, fmt.Sprintf(`{apiVersion: helm.toolkit.fluxcd.io/v2, kind: HelmRelease, metadata: {namespace: apps, name: a}, spec: %s, status: %s}`, spec, status))
}

func TestHas(t *testing.T) {
	t.Parallel()
	fromChart := `{helmChart: apps/a, lastAttemptedRevision: 1.0.0}`
	for name, c := range map[string]struct {
		spec, status, revision string
		want                   bool
	}{
		"Version":        {`{}`, fromChart, "1.0.0", true},
		"AnotherVersion": {`{}`, fromChart, "1.0.1", false},
		"NoChartYet":     {`{chart: {spec: {sourceRef: {kind: HelmRepository, name: r}}}}`, `{}`, "sha256:1", true},
		"Digest":         {`{chartRef: {kind: OCIRepository, name: r}}`, `{lastAttemptedRevision: 1.0.0, lastAttemptedRevisionDigest: "sha256:1"}`, "latest@sha256:1", true},
		"AnotherDigest":  {`{chartRef: {kind: OCIRepository, name: r}}`, `{lastAttemptedRevision: 1.0.0, lastAttemptedRevisionDigest: "sha256:2"}`, "latest@sha256:1", false},
		"NoDigest":       {`{chartRef: {kind: OCIRepository, name: r}}`, `{lastAttemptedRevision: 1.0.0}`, "latest@sha256:1", false},
	} {
		attempted, applied := Engine{}.Has(release(t, c.spec, c.status).Body, []string{c.revision})
		if attempted != c.want || applied != c.want {
			t.Errorf("%s: %v, %v, want %v", name, attempted, applied, c.want)
		}
	}
}

func TestHistory(t *testing.T) {
	t.Parallel()
	o := release(t, `{}`, `{history: [{status: failed, chartVersion: 2.0.0, lastDeployed: "2026-11-21T12:00:00Z"}, {status: deployed, chartVersion: 1.0.0, lastDeployed: "2026-11-21T11:00:00Z"}]}`)
	if got := deployedChart(o); got != "1.0.0" {
		t.Errorf("deployed is %q", got)
	}
	if got, want := (Engine{}).LastChange(o.Body), reconciletest.Noon; !got.Equal(want) {
		t.Errorf("changed at %s, want %s", got, want)
	}
	if got := (Engine{}).LastChange(release(t, `{}`, `{}`).Body); got != (time.Time{}) {
		t.Errorf("changed at %s without a history", got)
	}
}
