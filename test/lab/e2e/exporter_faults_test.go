package e2e

import (
	"context"
	"fmt"
	"regexp"
	"sync"
	"testing"
	"time"
)

// fleetExporter is one exporter of all namespaces, and when it showed each failure first: a fault may come and go, and may be shown before
// the trace that looks for it.
type fleetExporter struct {
	*runningExporter

	mu    sync.Mutex
	shown map[failingSeries]time.Time
}

// failingSeries is a series of choreo_component_failing.
type failingSeries struct{ namespace, component, environment, rung, code string }

var (
	failingLine = regexp.MustCompile(`(?m)^choreo_component_failing\{(.*)\} 1$`)
	labelPair   = regexp.MustCompile(`(\w+)="([^"]*)"`)
)

// failingIn are the failures in an answer of the exporter.
func failingIn(metrics string) []failingSeries {
	var all []failingSeries
	for _, line := range failingLine.FindAllStringSubmatch(metrics, -1) {
		labels := map[string]string{}
		for _, pair := range labelPair.FindAllStringSubmatch(line[1], -1) {
			labels[pair[1]] = pair[2]
		}
		all = append(all, failingSeries{labels["namespace"], labels["component"], labels["environment"], labels["rung"], labels["code"]})
	}
	return all
}

// exportFleet starts the exporter with the rights of its manifests, and scrapes it until the test ends with all its subtests.
func exportFleet(t *testing.T) *fleetExporter {
	t.Helper()
	ctx := t.Context() // it ends after the subtests
	kubeconfig, err := exporterRights()
	if err != nil {
		t.Fatal(err)
	}
	cmd := command(ctx, t.TempDir(), kubeconfig, "exporter", "-A")
	cmd.Path = shared.plain
	e := &fleetExporter{runningExporter: startExporter(ctx, t, cmd), shown: map[failingSeries]time.Time{}}
	var scraping sync.WaitGroup
	scraping.Go(func() { e.follow(ctx, t) })
	t.Cleanup(scraping.Wait)
	return e
}

// scrapeInterval is much shorter than what is measured.
const scrapeInterval = 500 * time.Millisecond

// follow notes when each failure is exported first.
func (e *fleetExporter) follow(ctx context.Context, t *testing.T) {
	t.Helper()
	ticks := time.NewTicker(scrapeInterval)
	defer ticks.Stop()
	for {
		text, err := e.scrape(ctx)
		if ctx.Err() != nil {
			return
		}
		if err != nil {
			t.Errorf("scrape the exporter: %v; it printed %s", err, e.log.text())
			return
		}
		if forbidden := forbiddenIn(text); len(forbidden) > 0 {
			t.Errorf("the exporter may not read %v", forbidden)
			return
		}
		e.note(failingIn(text))
		select {
		case <-ctx.Done():
			return
		case <-ticks.C:
		}
	}
}

func (e *fleetExporter) note(failing []failingSeries) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, one := range failing {
		if e.shown[one].IsZero() {
			e.shown[one] = time.Now()
		}
	}
}

func (e *fleetExporter) firstShown(one failingSeries) time.Time {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.shown[one]
}

// latestInParallel is latest while six scenarios share the machine with the exporter of all of them.
const latestInParallel = 20 * time.Second

// exported expects the fault in the exporter soon after the trace reports it.
func (s scenario) exported(ctx context.Context, t *testing.T, seen time.Time) {
	t.Helper()
	if s.want.kind == "Component" && s.want.code == "AppliedButAbsent" {
		return // what does not exist is on no list: docs/exporter.md
	}
	one := failingSeries{s.namespace, s.in(s.namespace).Component, s.want.environment, s.want.rung, s.want.code}
	waiting, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	ticks := time.NewTicker(scrapeInterval)
	defer ticks.Stop()
	for {
		if shown := s.exporter.firstShown(one); !shown.IsZero() {
			late := shown.Sub(seen)
			t.Logf("the exporter shows it %s after the trace", late.Round(time.Millisecond))
			if late > latestInParallel {
				t.Errorf("the exporter shows %+v %s after the trace, want at most %s", one, late, latestInParallel)
			}
			return
		}
		select {
		case <-waiting.Done():
			t.Errorf("the exporter does not show %+v; of the namespace it shows %s", one, s.exporter.of(s.namespace))
			return
		case <-ticks.C:
		}
	}
}

// of lists the failures of a namespace.
func (e *fleetExporter) of(namespace string) string {
	e.mu.Lock()
	defer e.mu.Unlock()
	text := ""
	for one := range e.shown {
		if one.namespace == namespace {
			text += fmt.Sprintf("%+v ", one)
		}
	}
	return text
}
