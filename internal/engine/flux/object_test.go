package flux

import (
	"testing"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/reconcile/reconciletest"
)

func TestLastChange(t *testing.T) {
	t.Parallel()
	noon := reconciletest.Noon
	for name, c := range map[string]struct {
		history string
		want    time.Time
	}{
		"NoHistory":    {`[]`, time.Time{}},
		"OneEntry":     {`[{firstReconciled: "2026-11-21T11:00:00Z", lastReconciled: "2026-11-21T12:00:00Z"}]`, noon.Add(-time.Hour)},
		"Newer":        {`[{firstReconciled: "2026-11-21T12:00:00Z", lastReconciled: "2026-11-21T12:30:00Z"}, {firstReconciled: "2026-11-21T10:00:00Z", lastReconciled: "2026-11-21T11:00:00Z"}]`, noon},
		"ComesBack":    {`[{firstReconciled: "2026-11-21T09:00:00Z", lastReconciled: "2026-11-21T12:00:00Z"}, {firstReconciled: "2026-11-21T10:00:00Z", lastReconciled: "2026-11-21T11:00:00Z"}]`, noon},
		"WithoutStart": {`[{lastReconciled: "2026-11-21T12:00:00Z"}]`, noon},
	} {
		o := reconciletest.Object(t, `{apiVersion: kustomize.toolkit.fluxcd.io/v1, kind: Kustomization, metadata: {name: a}, status: {history: `+c.history+`}}`)
		if got := (Object{}).LastChange(o.Body); !got.Equal(c.want) {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

func TestRevision(t *testing.T) {
	t.Parallel()
	for status, want := range map[string]string{
		`{}`: "",
		`{artifact: {revision: "main@sha1:1111111111111111111111111111111111111111"}}`:                                                                   "main@sha1:1111111111111111111111111111111111111111",
		`{artifact: {revision: "latest@sha256:2", metadata: {org.opencontainers.image.revision: "main@sha1:1111111111111111111111111111111111111111"}}}`: "main@sha1:1111111111111111111111111111111111111111",
	} {
		o := reconciletest.Object(t, `{apiVersion: source.toolkit.fluxcd.io/v1, kind: OCIRepository, metadata: {name: a}, status: `+status+`}`)
		if got := (Sources{}).Revision(o.Body); got != want {
			t.Errorf("%s: %q, want %q", status, got, want)
		}
	}
}

func TestRetryInterval(t *testing.T) {
	t.Parallel()
	for spec, want := range map[string]time.Duration{
		`{}`:                                  15 * time.Minute,
		`{interval: 10m}`:                     10 * time.Minute,
		`{interval: 10m, retryInterval: 2m}`:  2 * time.Minute,
		`{interval: 10m, retryInterval: 0s}`:  10 * time.Minute,
		`{interval: ten, retryInterval: two}`: 15 * time.Minute,
	} {
		o := reconciletest.Object(t, `{apiVersion: kustomize.toolkit.fluxcd.io/v1, kind: Kustomization, metadata: {name: a}, spec: `+spec+`}`)
		if got := retryInterval(o.Body); got != want {
			t.Errorf("%s: %s, want %s", spec, got, want)
		}
	}
}
