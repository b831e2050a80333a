package exporter

import (
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers"
)

// own are the metrics that grow from report to report, and those of the exporter itself.
type own struct {
	registry    *prometheus.Registry
	transitions *prometheus.CounterVec
	leadTimes   *prometheus.HistogramVec

	up                  prometheus.Gauge
	assessments, errors prometheus.Counter
	duration, ended     prometheus.Gauge
}

func newOwn(r *prometheus.Registry, version string) own {
	o := own{
		registry: r,
		transitions: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "choreo_transitions_total",
			Help: "Transitions of components in environments, by the new state, and by rung and code of the finding that began or ended with it.",
		}, []string{"rung", "code", "state"}),
		leadTimes: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "choreo_lead_time_seconds",
			Help:    "Time from the fetch of a revision to a healthy environment with its release, as the cluster records both.",
			Buckets: []float64{10, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 21600, 86400},
		}, []string{"namespace", "environment"}),
		up: gauge("choreo_exporter_up", "1 if the newest read of the cluster succeeded."),
		assessments: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "choreo_exporter_assessments_total", Help: "Assessments of all components.",
		}),
		errors: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "choreo_exporter_errors_total", Help: "Reads of the cluster that failed, so that no component was assessed.",
		}),
		duration: gauge("choreo_exporter_assessment_duration_seconds", "How long the newest assessment took."),
		ended:    gauge("choreo_exporter_assessment_timestamp_seconds", "When the newest assessment ended, since the epoch."),
	}
	build := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "choreo_exporter_build_info", Help: "The version of the exporter.", ConstLabels: prometheus.Labels{"version": version},
	})
	build.Set(1)
	r.MustRegister(o.transitions, o.leadTimes, o.up, o.assessments, o.errors, o.duration, o.ended, build,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return o
}

func gauge(name, help string) prometheus.Gauge {
	return prometheus.NewGauge(prometheus.GaugeOpts{Name: name, Help: help})
}

func (o own) assessed(r printers.StatusReport) {
	o.up.Set(1)
	o.assessments.Inc()
	o.duration.Set(r.Ended.Sub(r.Begun).Seconds())
	o.ended.Set(float64(r.Ended.Unix()))
}

func (o own) failed() {
	o.up.Set(0)
	o.errors.Inc()
}
