package mask

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// TestTokens: equal values have equal tokens in the order of their first occurrence, whether they are text or base64; an empty value is
// shown, and a number differs from its text.
func TestTokens(t *testing.T) {
	t.Parallel()
	m := New(false, false)
	for i, c := range []struct{ want, got string }{
		{"masked-1", m.token("hunter2", environmentValue)},
		{"masked-2", m.token("other", environmentValue)},
		{"masked-1", m.token("hunter2", helmValue)},
		{"", m.token("", helmValue)},
		{"bWFza2VkLTE=", m.maskBase64("aHVudGVyMg==", secretData)}, // hunter2, and masked-1
		{"masked-3", m.maskBase64("no base64!", secretData)},
		{"", m.maskBase64("", secretData)},
		{"masked-4", m.number(int64(5432), helmValue)},
		{"masked-5", m.token("5432", helmValue)},
		{"masked-4", m.number(int64(5432), helmValue)},
		{"masked-6", m.number(float64(5432), helmValue)},
	} {
		if c.got != c.want {
			t.Errorf("%d: %q, want %q", i, c.got, c.want)
		}
	}
	if diff := cmp.Diff([]string{"environment values: 2", "Secret data: 2", "Helm values: 5"}, m.Sentences()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if got := SubjectOf("Secret data: 2"); got != "Secret data" {
		t.Errorf("the subject is %q", got)
	}
}

// TestRevisions: messages of commits and of git are text from outside. The argument is not changed.
func TestRevisions(t *testing.T) {
	t.Parallel()
	in := facts.Revision{Text: "token=a", Reason: "token=b", Subject: "token=c", Commit: "token=d", URLs: []string{"https://me:pw@git.example/a"}}
	want := facts.Revision{Text: "token=masked-1", Reason: "token=masked-2", Subject: "token=masked-3", Commit: "token=d", URLs: []string{"https://***@git.example/a"}}
	if diff := cmp.Diff(want, New(false, false).Wanted(in)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if in.URLs[0] != "https://me:pw@git.example/a" {
		t.Error("the argument was changed")
	}
}

// TestChanges: the numbers of tokens follow the order in the file, whatever the order of the argument is.
func TestChanges(t *testing.T) {
	t.Parallel()
	in := []facts.Change{{File: "b", Subject: "token=second"}, {File: "a", Subject: "token=first"}}
	want := []facts.Change{{File: "a", Subject: "token=masked-1"}, {File: "b", Subject: "token=masked-2"}}
	if diff := cmp.Diff(want, New(false, false).Changes(in)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if in[0].Subject != "token=second" {
		t.Error("the argument was changed")
	}
}

func TestPast(t *testing.T) {
	t.Parallel()
	past := func(texts ...string) facts.Past {
		return facts.Past{Head: "token=kept", Reason: texts[0], Commits: []facts.Commit{{Subject: texts[1], Changes: []facts.ObjectChange{{
			Image: texts[2], Fields: []facts.FieldChange{{Path: "token=kept", Old: texts[3], New: texts[4]}},
		}}}}}
	}
	in := past("token=a", "token=b", "https://u:p@r/i", "token=a", "token=d")
	want := past("token=masked-1", "token=masked-2", "https://***@r/i", "token=masked-1", "token=masked-3")
	if diff := cmp.Diff(want, New(false, false).Past(in)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if diff := cmp.Diff(past("token=a", "token=b", "https://u:p@r/i", "token=a", "token=d"), in); diff != "" {
		t.Errorf("the argument was changed (-want +got)\n%s", diff)
	}
}
