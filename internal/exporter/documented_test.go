package exporter

import (
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	dto "github.com/prometheus/client_model/go"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/verify"
)

// complete is an Exporter of which every family has a sample.
func complete(t *testing.T) *Exporter {
	t.Helper()
	e := published(t)
	s := facts.New(facts.Subject{Namespace: "shop", Component: "cart"}, noon())
	s.Put(facts.Object{Ref: facts.Ref{Plane: facts.Control, Kind: "Pod", Namespace: "shop", Name: "a"}, Outcome: facts.Forbidden})
	e.See(s)
	one := cart(healthy())
	e.publish(reportOf(one))
	cell := healthy()
	cell.Release, cell.Since, cell.Remarks = "cart-2", noon(), verify.Remarks{Drift: 1, DriftSince: noon()}
	one = cart(cell, failed("staging", trace.RungPod, trace.CodeOOMKilled))
	one.WantedSeen = noon().Add(-time.Minute)
	one.Deliverers = []verify.Deliverer{{
		Object:  facts.Ref{Plane: facts.Control, Group: kinds.FluxKustomize, Kind: "Kustomization", Namespace: "flux-system", Name: "apps"},
		LastEnd: noon(), LastDuration: time.Second, Total: 1, Failed: 1,
	}}
	e.publish(reportOf(one))
	return e
}

// TestMetricsAreDocumented: the page lists every metric with its labels, and no other. Labels are bounded: no message, no name of a
// pod, and nothing that is new with each deployment.
func TestMetricsAreDocumented(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/exporter.md")
	if err != nil {
		t.Fatal(err)
	}
	documented, exported := map[string]string{}, map[string]string{}
	for _, row := range regexp.MustCompile("(?m)^\\| `(choreo_[a-z_]+)` \\| (.*?) \\|").FindAllStringSubmatch(string(page), -1) {
		documented[row[1]] = strings.ReplaceAll(row[2], "`", "")
	}
	known := []string{"namespace", "project", "component", "environment", "verdict", "state", "rung", "code", "kind", "name", "plane", "group", "outcome", "version"}
	for name, family := range scraped(t, complete(t)) {
		if strings.HasPrefix(name, "go_") || strings.HasPrefix(name, "process_") {
			continue
		}
		labels := labelsOf(family)
		exported[name] = strings.Join(labels, ", ")
		if exported[name] == "" {
			exported[name] = "none"
		}
		for _, label := range labels {
			if !slices.Contains(known, label) {
				t.Errorf("%s has the label %s", name, label)
			}
		}
	}
	if diff := cmp.Diff(exported, documented); diff != "" {
		t.Errorf("docs/exporter.md (-exported +documented)\n%s", diff)
	}
}

func labelsOf(family *dto.MetricFamily) []string {
	all := map[string]bool{}
	for _, m := range family.GetMetric() {
		for _, l := range m.GetLabel() {
			all[l.GetName()] = true
		}
	}
	return slices.Sorted(maps.Keys(all))
}
