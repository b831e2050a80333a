// Package evals checks answers about the recorded scenarios: those of the tool diagnose, and those of a model that used the tools.
package evals

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Question is what a user would ask about a scenario.
type Question struct {
	Scenario string `json:"scenario"`
	Question string `json:"question"`
}

// Expected is the part of the file want.json of a scenario that an answer must have.
type Expected struct {
	Verdict string   `json:"verdict"`
	Failing *Failing `json:"failing"` // nil if nothing fails
}

// Failing is the finding to fix first.
type Failing struct {
	Rung        string   `json:"rung"`
	Environment string   `json:"environment"`
	Code        string   `json:"code"`
	Object      Object   `json:"object"`
	Next        []string `json:"next"`
}

// Object is the object to blame.
type Object struct {
	Kind      string `json:"kind"`
	Namespace string `json:"namespace"`
	Name      string `json:"name"`
}

// String is the object as answers name it: "Pod shop/cart-1", or "Workload in namespace shop" if none exists.
func (o Object) String() string {
	if o.Name == "" && o.Namespace != "" {
		return o.Kind + " in namespace " + o.Namespace
	}
	name := o.Name
	if o.Namespace != "" {
		name = o.Namespace + "/" + name
	}
	return strings.TrimSpace(o.Kind + " " + name)
}

// Answer is the answer of a model, one line of a file of answers. testdata/evals/README.md describes it.
type Answer struct {
	Scenario    string `json:"scenario"`
	Verdict     string `json:"verdict"`
	Rung        string `json:"rung"`
	Environment string `json:"environment"`
	Object      string `json:"object"`
	Code        string `json:"code"`
	Command     string `json:"command"`
}

// Score is what an answer reaches.
type Score struct {
	Points, Most int
	Missed       []string // names of the fields that are not as expected
}

// Of scores an answer: a point each for verdict, rung, object, code and command if something fails, else a point for the verdict. An
// answer that blames a rung although nothing fails has no points.
func (e Expected) Of(a Answer) Score {
	if e.Failing == nil {
		if a.Rung != "" && a.Verdict != e.Verdict {
			return Score{0, 1, []string{"verdict", "rung"}}
		}
		return scored(map[string]bool{"verdict": a.Verdict == e.Verdict})
	}
	f := e.Failing
	return scored(map[string]bool{
		"verdict": a.Verdict == e.Verdict,
		"rung":    a.Rung == f.Rung && a.Environment == f.Environment,
		"object":  isSame(a.Object, f.Object),
		"code":    a.Code == f.Code,
		"command": slices.Contains(f.Next, strings.TrimSpace(a.Command)),
	})
}

func scored(fields map[string]bool) Score {
	s := Score{Most: len(fields)}
	for name, isRight := range fields {
		if isRight {
			s.Points++
		} else {
			s.Missed = append(s.Missed, name)
		}
	}
	slices.Sort(s.Missed)
	return s
}

// isSame accepts "Kind name", "Kind/name" and both with the namespace.
func isSame(answer string, o Object) bool {
	if strings.TrimSpace(answer) == o.String() {
		return true
	}
	answer = strings.Replace(strings.TrimSpace(answer), " ", "/", 1)
	kind, name, _ := strings.Cut(answer, "/")
	return strings.EqualFold(kind, o.Kind) && (name == o.Name || name == o.Namespace+"/"+o.Name)
}

// Lines decodes a file of JSON values, one a line, without unknown fields.
func Lines[T any](in io.Reader) ([]T, error) {
	var all []T
	lines := bufio.NewScanner(in)
	for number := 1; lines.Scan(); number++ {
		if strings.TrimSpace(lines.Text()) == "" {
			continue
		}
		decoder := json.NewDecoder(strings.NewReader(lines.Text()))
		decoder.DisallowUnknownFields()
		var one T
		if err := decoder.Decode(&one); err != nil {
			return nil, fmt.Errorf("line %d: %w", number, err)
		}
		all = append(all, one)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("read the lines: %w", err)
	}
	return all, nil
}
