package kinds

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPipelineEnvironments(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		paths string
		want  []string
	}{
		"Straight":         {"[{sourceEnvironmentRef: {name: dev}, targetEnvironmentRefs: [{name: stage}]}, {sourceEnvironmentRef: {name: stage}, targetEnvironmentRefs: [{name: prod}]}]", []string{"dev", "stage", "prod"}},
		"WrittenBackwards": {"[{sourceEnvironmentRef: {name: stage}, targetEnvironmentRefs: [{name: prod}]}, {sourceEnvironmentRef: {name: dev}, targetEnvironmentRefs: [{name: stage}]}]", []string{"dev", "stage", "prod"}},
		"Fork":             {"[{sourceEnvironmentRef: {name: dev}, targetEnvironmentRefs: [{name: eu}, {name: us}]}]", []string{"dev", "eu", "us"}},
		"Cycle":            {"[{sourceEnvironmentRef: {name: a}, targetEnvironmentRefs: [{name: b}]}, {sourceEnvironmentRef: {name: b}, targetEnvironmentRefs: [{name: a}]}]", []string{"a", "b"}},
		"JoinedAgain":      {"[{sourceEnvironmentRef: {name: eu}, targetEnvironmentRefs: [{name: world}]}, {sourceEnvironmentRef: {name: us}, targetEnvironmentRefs: [{name: world}]}, {sourceEnvironmentRef: {name: dev}, targetEnvironmentRefs: [{name: us}, {name: eu}]}]", []string{"dev", "eu", "us", "world"}},
		"WithoutATarget":   {"[{sourceEnvironmentRef: {name: dev}}]", []string{"dev"}},
		"WithoutASource":   {"[{targetEnvironmentRefs: [{name: dev}]}]", []string{"dev"}},
		"NamelessTarget":   {"[{sourceEnvironmentRef: {name: dev}, targetEnvironmentRefs: [{}, text, {name: prod}]}]", []string{"dev", "prod"}},
		"ToItself":         {"[{sourceEnvironmentRef: {name: dev}, targetEnvironmentRefs: [{name: dev}, {name: prod}]}]", []string{"dev", "prod"}},
		"None":             {"[]", nil},
	} {
		got := PipelineEnvironments(object(t, "{apiVersion: openchoreo.dev/v1alpha1, kind: DeploymentPipeline, metadata: {name: p}, spec: {promotionPaths: "+c.paths+"}}"))
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
	if got := PipelineEnvironments(nil); got != nil {
		t.Errorf("no pipeline: %v", got)
	}
}

// TestPromotionSources expects that a step without a source or target promotes nothing, and that duplicates count once.
func TestPromotionSources(t *testing.T) {
	t.Parallel()
	pipeline := object(t, `
apiVersion: openchoreo.dev/v1alpha1
kind: DeploymentPipeline
metadata: {name: p}
spec:
  promotionPaths:
    - {sourceEnvironmentRef: {name: dev}, targetEnvironmentRefs: [{name: eu}, {name: us}]}
    - {sourceEnvironmentRef: {name: dev}, targetEnvironmentRefs: [{name: eu}]}
    - {sourceEnvironmentRef: {name: us}, targetEnvironmentRefs: [{name: world}]}
    - {sourceEnvironmentRef: {name: eu}, targetEnvironmentRefs: [{name: world}]}
    - {sourceEnvironmentRef: {name: world}}
    - {sourceEnvironmentRef: {name: world}, targetEnvironmentRefs: [{}]}
    - {targetEnvironmentRefs: [{name: dev}]}
`)
	want := map[string][]string{"eu": {"dev"}, "us": {"dev"}, "world": {"us", "eu"}}
	if diff := cmp.Diff(want, PromotionSources(pipeline)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if got := PromotionSources(nil); len(got) != 0 {
		t.Errorf("no pipeline: %v", got)
	}
}
