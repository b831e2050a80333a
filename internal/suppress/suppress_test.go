package suppress

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/lint"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// shop has three objects, two of them in one file. The first has an annotation.
const shop = `apiVersion: v1
kind: ConfigMap
metadata:
  name: a
  namespace: shop
  annotations:
    kubectl-choreo.dev/lint-ignore: "NeverApplied, TwoOwners: on purpose: see the wiki"
data: {x: y}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: b, namespace: shop}
`

func repository(t *testing.T, text string) *manifest.Repository {
	t.Helper()
	file, err := manifest.Parse("shop/a.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	r := &manifest.Repository{}
	for i := range file.Documents {
		d := &file.Documents[i]
		r.Objects = append(r.Objects, manifest.Object{Ref: d.Ref, Body: d.Body, Document: d, File: d.Place.File})
	}
	return r
}

func finding(code trace.Code, severity trace.Severity, file string, line int, message string) lint.Finding {
	f := lint.Finding{Finding: trace.Finding{Code: code, Severity: severity, Message: message}, File: file, Line: line}
	return f
}

func lines(all []lint.Finding) []string {
	var found []string
	for _, f := range all {
		found = append(found, fmt.Sprintf("%s:%d %s %s: %s", f.File, f.Line, f.Severity, f.Code, f.Message))
	}
	return found
}

func settings(t *testing.T, text string) *Settings {
	t.Helper()
	s, err := ParseSettings(SettingsFile, []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func baseline(t *testing.T, found ...lint.Finding) *Baseline {
	t.Helper()
	text, err := NewBaseline(found).Bytes()
	if err != nil {
		t.Fatal(err)
	}
	b, err := ParseBaseline("b.json", "b.json", text)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestSuppressions: each way suppresses what it names, and reports what it does not need.
func TestSuppressions(t *testing.T) {
	t.Parallel()
	never := finding(trace.CodeNeverApplied, trace.Warning, "shop/a.yaml", 2, "n")
	other := finding(trace.CodeNeverApplied, trace.Warning, "shop/a.yaml", 10, "o")
	owners := finding(trace.CodeTwoOwners, trace.Error, "shop/a.yaml", 8, "t")
	secret := finding(trace.CodePlaintextSecret, trace.Error, "samples/deep/s.yaml", 3, "s")
	access := finding(trace.CodeUnreachable, trace.Error, "", 0, "u")
	for name, c := range map[string]struct {
		found    []lint.Finding
		settings string
		baseline []lint.Finding
		want     []string
		counts   Counts
	}{
		"Annotation": {[]lint.Finding{never, owners, other}, "", nil, []string{"shop/a.yaml:10 warning NeverApplied: o"}, Counts{Annotations: 2}},
		"AnnotationUnused": {[]lint.Finding{never}, "", nil, []string{
			"shop/a.yaml:7 info SuppressionUnused: the annotation kubectl-choreo.dev/lint-ignore suppresses no TwoOwners of this object",
		}, Counts{Annotations: 1}},
		"RuleOff":     {[]lint.Finding{never, owners, secret}, "rules: [{code: PlaintextSecret, severity: off}]", nil, nil, Counts{Settings: 1, Annotations: 2}},
		"RuleInPath":  {[]lint.Finding{never, owners, secret}, "rules: [{code: PlaintextSecret, severity: off, paths: [samples]}]", nil, nil, Counts{Settings: 1, Annotations: 2}},
		"OtherPath":   {[]lint.Finding{never, owners, secret}, "rules: [{code: PlaintextSecret, severity: warning, paths: [shop/**]}]", nil, []string{"samples/deep/s.yaml:3 error PlaintextSecret: s"}, Counts{Annotations: 2}},
		"Severity":    {[]lint.Finding{never, owners, secret}, "rules: [{code: PlaintextSecret, severity: warning}]", nil, []string{"samples/deep/s.yaml:3 warning PlaintextSecret: s"}, Counts{Annotations: 2}},
		"LastRule":    {[]lint.Finding{never, owners, secret}, "rules:\n- {code: PlaintextSecret, severity: off}\n- {code: PlaintextSecret, severity: info, paths: ['**/s.yaml']}\n", nil, []string{".choreolint.yaml:2 info SuppressionUnused: the rule for PlaintextSecret turns off no finding", "samples/deep/s.yaml:3 info PlaintextSecret: s"}, Counts{Annotations: 2}},
		"RuleUnused":  {[]lint.Finding{never, owners}, "rules:\n- code: PlaintextSecret\n  severity: off\n", nil, []string{".choreolint.yaml:2 info SuppressionUnused: the rule for PlaintextSecret turns off no finding"}, Counts{Annotations: 2}},
		"NotChecked":  {[]lint.Finding{never, owners}, "rules: [{code: ComponentReleaseEdited, severity: off}]", nil, nil, Counts{Annotations: 2}},
		"NotSent":     {[]lint.Finding{never, owners}, "rules: [{code: DryRunRefused, severity: off}, {code: Forbidden, severity: off}]", nil, nil, Counts{Annotations: 2}},
		"Access":      {[]lint.Finding{never, owners, access}, "", []lint.Finding{access}, []string{":0 error Unreachable: u"}, Counts{Annotations: 2}},
		"Baseline":    {[]lint.Finding{never, owners, secret, other}, "", []lint.Finding{secret, other}, nil, Counts{Annotations: 2, Baseline: 2}},
		"BaselineNew": {[]lint.Finding{never, owners, secret, other}, "", []lint.Finding{other}, []string{"samples/deep/s.yaml:3 error PlaintextSecret: s"}, Counts{Annotations: 2, Baseline: 1}},
		"BaselineUnused": {[]lint.Finding{never, owners}, "", []lint.Finding{secret}, []string{
			"b.json:5 info SuppressionUnused: the baseline has PlaintextSecret in samples/deep/s.yaml, which is not found any more",
		}, Counts{Annotations: 2}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var b *Baseline
			if c.baseline != nil {
				b = baseline(t, c.baseline...)
			}
			kept, counts := Apply(c.found, repository(t, shop), settings(t, c.settings), b)
			if diff := cmp.Diff(c.want, lines(kept)); diff != "" || counts != c.counts {
				t.Errorf("%+v, want %+v (-want +got)\n%s", counts, c.counts, diff)
			}
			for _, f := range kept {
				if f.Code == trace.CodeSuppressionUnused && f.Cause == "" {
					t.Errorf("%s has no cause", f.Message)
				}
			}
		})
	}
}

// TestAnnotationOfARenamedObject: a build changes names, and an annotation may come from a patch or from the file.
func TestAnnotationOfARenamedObject(t *testing.T) {
	t.Parallel()
	r := repository(t, shop)
	built := r.Objects[0].Body.DeepCopy()
	built.SetName("prefix-a")
	built.SetAnnotations(nil) // the document still has it
	r.Objects[0].Body, r.Objects[0].Ref = built, manifest.RefOf(built)
	generated := manifest.Object{Ref: manifest.RefOf(built), Body: r.Objects[1].Body.DeepCopy(), File: "kustomization.yaml"}
	generated.Body.SetAnnotations(map[string]string{Annotation: "PlaintextSecret"})
	generated.Ref.Name = "generated"
	r.Objects = append(r.Objects, generated)
	secret := finding(trace.CodePlaintextSecret, trace.Error, "kustomization.yaml", 0, "s")
	secret.Object = generated.Ref
	kept, counts := Apply([]lint.Finding{finding(trace.CodeNeverApplied, trace.Warning, "shop/a.yaml", 1, "n"), finding(trace.CodeTwoOwners, trace.Warning, "shop/a.yaml", 8, "n"), secret}, r, &Settings{}, nil)
	if len(kept) != 0 || counts.Annotations != 3 {
		t.Errorf("%v, %+v", lines(kept), counts)
	}
}

func TestAnnotationWithAnUnknownCode(t *testing.T) {
	t.Parallel()
	r := repository(t, strings.Replace(shop, "NeverApplied, TwoOwners", "NeverAplied", 1))
	kept, _ := Apply(nil, r, &Settings{}, nil)
	want := []string{`shop/a.yaml:7 warning SuppressionUnused: the annotation kubectl-choreo.dev/lint-ignore names an unknown code "NeverAplied"; did you mean "NeverApplied"?`}
	if diff := cmp.Diff(want, lines(kept)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestBaseline: a finding outlives moved lines, a second one of the same kind does not hide behind the first, and no value is kept.
func TestBaseline(t *testing.T) {
	t.Parallel()
	duplicate := func(line int) lint.Finding {
		return finding(trace.CodeDuplicateObject, trace.Error, "a.yaml", line, fmt.Sprintf("ConfigMap a is also declared at b.yaml:%d", line+7))
	}
	invalid := finding(trace.CodeSchemaViolation, trace.Error, "c.yaml", 9, `spec.env[3].value: Invalid value: "hunter2: \"x\"": must be a word`)
	invalid.Object.Kind, invalid.Object.Name = "Workload", "w"
	url := finding(trace.CodeKustomizationBuildFailed, trace.Warning, "d.yaml", 9, "cannot read http://me:hunter2@example.com/x")
	info := finding(trace.CodeReferencesNotChecked, trace.Info, "d.yaml", 1, "i")
	text, err := NewBaseline([]lint.Finding{url, duplicate(30), invalid, duplicate(3), info}).Bytes()
	want := `{
  "apiVersion": "kubectl-choreo.dev/v1alpha1",
  "kind": "LintBaseline",
  "findings": [
    {
      "code": "DuplicateObject",
      "file": "a.yaml",
      "message": "ConfigMap a is also declared at b.yaml",
      "count": 2
    },
    {
      "code": "SchemaViolation",
      "file": "c.yaml",
      "object": "Workload w",
      "message": "spec.env[].value: Invalid value: must be a word"
    },
    {
      "code": "KustomizationBuildFailed",
      "file": "d.yaml",
      "message": "cannot read http://…@example.com/x"
    }
  ]
}
`
	if diff := cmp.Diff(want, string(text)); diff != "" || err != nil {
		t.Fatalf("%v (-want +got)\n%s", err, diff)
	}
	b, err := ParseBaseline("b.json", "", text)
	if err != nil || b.Len() != 4 {
		t.Fatalf("%v, %+v", err, b)
	}
	invalid.Line = 40
	kept, counts := Apply([]lint.Finding{duplicate(1), duplicate(2), duplicate(4), invalid, url}, &manifest.Repository{}, &Settings{}, b)
	if diff := cmp.Diff([]string{"a.yaml:4 error DuplicateObject: ConfigMap a is also declared at b.yaml:11"}, lines(kept)); diff != "" || counts.Baseline != 4 {
		t.Errorf("%+v (-want +got)\n%s", counts, diff)
	}
}

func TestParseBaselineRefuses(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"Empty": "", "Settings": "rules: []", "OtherKind": `{"apiVersion": "v1", "kind": "List"}`,
		"UnknownField": `{"apiVersion": "kubectl-choreo.dev/v1alpha1", "kind": "LintBaseline", "findings": [{"cod": "x"}]}`,
		"Negative":     `{"apiVersion": "kubectl-choreo.dev/v1alpha1", "kind": "LintBaseline", "findings": [{"code": "x", "count": -1}]}`,
	} {
		if _, err := ParseBaseline("b.json", "", []byte(text)); err == nil || !strings.Contains(err.Error(), "b.json") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
