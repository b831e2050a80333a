package schema_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/lint/linttest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// TestRetiredVersions: the definition of an earlier API version is not known, but a field that is nearly one of the newest version is
// mistyped. Fields that the newest version has lost are none.
func TestRetiredVersions(t *testing.T) {
	t.Parallel()
	const chart = "chart: {spec: {chart: c, sourceRef: {kind: HelmRepository, name: r}"
	object := func(version, kind, spec string) string {
		return "{apiVersion: " + version + ", kind: " + kind + ", metadata: {name: a, namespace: n}, spec: {" + spec + "}}\n"
	}
	for name, c := range map[string]struct {
		object string
		want   []string
	}{
		"Mistyped":    {object("helm.toolkit.fluxcd.io/v2beta1", "HelmRelease", "interval: 1h, valus: {a: b}, "+chart+"}}"), []string{"warning HelmRelease of helm.toolkit.fluxcd.io/v2 has no field spec.valus; is spec.values meant?"}},
		"Kustomized":  {object("kustomize.toolkit.fluxcd.io/v1beta2", "Kustomization", "intervl: 1h, prune: true, sourceRef: {kind: GitRepository, name: g}"), []string{"warning Kustomization of kustomize.toolkit.fluxcd.io/v1 has no field spec.intervl; is spec.interval meant?"}},
		"Retired":     {object("kustomize.toolkit.fluxcd.io/v1beta1", "Kustomization", "interval: 1h, prune: true, validation: client, sourceRef: {kind: GitRepository, name: g}"), nil},
		"NearRetired": {object("helm.toolkit.fluxcd.io/v2beta1", "HelmRelease", "interval: 1h, "+chart+", valuesFile: v.yaml}}"), nil},
		"Incomplete":  {object("source.toolkit.fluxcd.io/v1beta1", "HelmRepository", "url: 'https://a'"), nil},
		"OtherEngine": {object("argoproj.io/v1beta1", "AppProject", "descripton: a"), nil},
		"NoKind":      {object("helm.toolkit.fluxcd.io/v2beta1", "HelmChoice", "valus: {}"), nil},
	} {
		r := linttest.Repository(t, c.object)
		var got []string
		for _, f := range findingsOf(t, r, trace.CodeSchemaViolation) {
			got = append(got, string(f.Severity)+" "+f.Message+"; "+f.Hint)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestRetiredVersionsThatNothingApplies: the Kustomizations with which a bootstrap begins are compared as well.
func TestRetiredVersionsThatNothingApplies(t *testing.T) {
	t.Parallel()
	r := linttest.Repository(t, linttest.Shop)
	linttest.Delivered(t, r, "apps", "")
	k := &r.Kustomizations[0]
	k.Body.SetAPIVersion("kustomize.toolkit.fluxcd.io/v1beta2")
	spec, _ := k.Body.Object["spec"].(map[string]any)
	spec["retryIntervl"] = "1m"
	var got []string
	for _, f := range findingsOf(t, r, trace.CodeSchemaViolation) {
		got = append(got, f.Message)
	}
	if !strings.HasSuffix(strings.Join(got, "\n"), "has no field spec.retryIntervl") {
		t.Errorf("%v of %v", got, manifest.Object{Ref: k.Ref})
	}
}
