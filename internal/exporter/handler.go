package exporter

import (
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	dto "github.com/prometheus/client_model/go"
)

// scrapesAtOnce bounds the scrapes at the same time: each writes the whole text.
const scrapesAtOnce = 4

// Handler serves /metrics, /healthz and /readyz, and nothing else.
func (e *Exporter) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(prometheus.GathererFunc(e.gather), promhttp.HandlerOpts{
		EnableOpenMetrics: true, MaxRequestsInFlight: scrapesAtOnce,
	}))
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { answer(w, "") })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, _ *http.Request) {
		_, unready := e.state()
		answer(w, unready)
	})
	return mux
}

func answer(w http.ResponseWriter, problem string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	if problem != "" {
		w.WriteHeader(http.StatusServiceUnavailable)
		_, _ = io.WriteString(w, problem+"\n")
		return
	}
	_, _ = io.WriteString(w, "ok\n")
}

// gather returns all families, sorted by name. Those of components have no name in common with the others.
func (e *Exporter) gather() ([]*dto.MetricFamily, error) {
	all, err := e.own.registry.Gather()
	components, _ := e.state()
	all = slices.Concat(all, components)
	slices.SortFunc(all, func(a, b *dto.MetricFamily) int { return strings.Compare(a.GetName(), b.GetName()) })
	return all, err
}
