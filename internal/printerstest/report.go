package printerstest

import (
	"bytes"
	"io"
	"maps"
	"slices"
	"testing"
	"time"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
)

// Ended is when the commands of the reports in tests ended.
var Ended = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

// Report is the report of verify or of lint.
type Report interface {
	Print(w io.Writer, format string, o style.Options) error
}

// Printed returns a report in a format.
func Printed(t *testing.T, r Report, format string) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := r.Print(&out, format, style.Options{Now: Ended}); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// Scraped returns the metrics of a report, as Prometheus reads them.
func Scraped(t *testing.T, r Report) map[string]*dto.MetricFamily {
	t.Helper()
	return Parsed(t, Printed(t, r, "prometheus"))
}

// Parsed returns metrics, as Prometheus reads them.
func Parsed(t *testing.T, text []byte) map[string]*dto.MetricFamily {
	t.Helper()
	parser := expfmt.NewTextParser(model.LegacyValidation)
	families, err := parser.TextToMetricFamilies(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return families
}

// FieldNames returns the names of the fields of an object, sorted.
func FieldNames(object map[string]any) []string { return slices.Sorted(maps.Keys(object)) }

// CheckReport holds that no format of a hostile report turns, hides or moves text, nor commands a runner, nor loses what was said.
func CheckReport(t *testing.T, r Report, formats []string) {
	t.Helper()
	for _, format := range formats {
		text := string(Printed(t, r, format))
		CheckHarmless(t, format, text)
		if format != "github" && RunnerCommand.MatchString(text) {
			t.Errorf("%s: %q is a command to a runner", format, RunnerCommand.FindString(text))
		}
		if !bytes.Contains([]byte(text), []byte("red")) {
			t.Errorf("%s: what was said is lost", format)
		}
	}
}
