package exporter

import (
	"slices"
	"strings"

	dto "github.com/prometheus/client_model/go"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/escape"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/metrics"
)

// families are the gauges of one report. They are built once for each report, however often it is scraped, and equal labels are one
// object: a fleet has a hundred thousand samples.
type families struct {
	all    []*dto.MetricFamily
	labels map[metrics.Label]*dto.LabelPair
}

var _ metrics.Writer = (*families)(nil)

func newFamilies() *families { return &families{labels: map[metrics.Label]*dto.LabelPair{}} }

// Family begins a family of gauges.
func (f *families) Family(name, help string) {
	f.all = append(f.all, &dto.MetricFamily{Name: &name, Help: &help, Type: dto.MetricType_GAUGE.Enum()})
}

// Sample adds a value to the family that was begun last.
func (f *families) Sample(_ string, value float64, labels ...metrics.Label) {
	pairs := make([]*dto.LabelPair, 0, len(labels))
	for _, l := range labels {
		pairs = append(pairs, f.pair(l))
	}
	slices.SortFunc(pairs, func(a, b *dto.LabelPair) int { return strings.Compare(a.GetName(), b.GetName()) })
	last := f.all[len(f.all)-1]
	last.Metric = append(last.Metric, &dto.Metric{Label: pairs, Gauge: &dto.Gauge{Value: &value}})
}

func (f *families) pair(l metrics.Label) *dto.LabelPair {
	one := f.labels[l]
	if one == nil {
		value := escape.Line(l.Value)
		one = &dto.LabelPair{Name: &l.Name, Value: &value}
		f.labels[l] = one
	}
	return one
}

// count adds a family with one sample.
func (f *families) count(name, help string, n int) {
	f.Family(name, help)
	f.Sample(name, float64(n))
}

// list are the families that have samples: the formats know no others.
func (f *families) list() []*dto.MetricFamily {
	return slices.DeleteFunc(f.all, func(m *dto.MetricFamily) bool { return len(m.Metric) == 0 })
}
