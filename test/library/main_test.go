package main

import "testing"

func TestTraced(t *testing.T) {
	t.Parallel()
	got, err := traceComponent(t.Context(), []string{"../../testdata/scenarios/pod-image-pull/snapshot.yaml"})
	if err != nil {
		t.Fatal(err)
	}
	if got.Failing == nil || got.Failing.Code != "ImagePullBackOff" {
		t.Errorf("failing %+v, want ImagePullBackOff", got.Failing)
	}
}
