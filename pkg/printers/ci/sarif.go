package ci

import (
	"io"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/docs/findings"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/data"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/escape"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
)

// The part of SARIF 2.1.0 that reports what was found and where (docs.oasis-open.org/sarif/sarif/v2.1.0).
type sarifLog struct {
	Version string     `json:"version"`
	Schema  string     `json:"$schema"`
	Runs    []sarifRun `json:"runs"`
}

type sarifRun struct {
	Tool    sarifTool         `json:"tool"`
	Results []sarifResult     `json:"results"`
	Extra   map[string]string `json:"properties,omitempty"`
}

type sarifTool struct {
	Driver sarifDriver `json:"driver"`
}

type sarifDriver struct {
	Name  string      `json:"name"`
	Rules []sarifRule `json:"rules"`
}

type sarifRule struct {
	ID    string     `json:"id"`
	Short *sarifText `json:"shortDescription,omitempty"`
	Help  sarifText  `json:"help"`
}

type sarifText struct {
	Text string `json:"text"`
}

type sarifResult struct {
	RuleID    string            `json:"ruleId"`
	RuleIndex int               `json:"ruleIndex"`
	Level     string            `json:"level"`
	Message   sarifText         `json:"message"`
	Locations []sarifLocation   `json:"locations,omitempty"`
	Extra     map[string]string `json:"properties,omitempty"`
}

type sarifLocation struct {
	Physical *sarifPhysical `json:"physicalLocation,omitempty"`
	Logical  []sarifLogical `json:"logicalLocations,omitempty"`
}

type sarifPhysical struct {
	Artifact sarifArtifact `json:"artifactLocation"`
	Region   *sarifRegion  `json:"region,omitempty"`
}

type sarifArtifact struct {
	URI  string `json:"uri"`
	Base string `json:"uriBaseId,omitempty"`
}

// sourceRoot is what dashboards call the root of the repository.
const sourceRoot = "%SRCROOT%"

type sarifRegion struct {
	StartLine int `json:"startLine"`
}

type sarifLogical struct {
	Name string `json:"fullyQualifiedName"`
	Kind string `json:"kind"`
}

// WriteSARIF writes remarks in the Static Analysis Results Interchange Format 2.1.0: a rule for each code, and its results.
// The property summary of the run is left out if it is empty.
func WriteSARIF(w io.Writer, remarks []Annotation, summary string) error {
	run := sarifRun{Tool: sarifTool{sarifDriver{Name: "kubectl-choreo", Rules: []sarifRule{}}}, Results: []sarifResult{}}
	if summary != "" {
		run.Extra = map[string]string{"summary": escape.Line(summary)}
	}
	for _, r := range remarks {
		run.take(r)
	}
	return data.Write(w, data.JSON, sarifLog{"2.1.0", "https://json.schemastore.org/sarif-2.1.0.json", []sarifRun{run}})
}

func (run *sarifRun) take(r Annotation) {
	id := r.CodeOrUnknown()
	rules := &run.Tool.Driver.Rules
	index := slices.IndexFunc(*rules, func(rule sarifRule) bool { return rule.ID == id })
	if index < 0 {
		index = len(*rules)
		*rules = append(*rules, newRule(id))
	}
	text := strings.Join(r.lines(), "\n")
	if text == "" {
		text = id
	}
	result := sarifResult{RuleID: id, RuleIndex: index, Level: sarifLevel(r.Severity), Message: sarifText{text}, Locations: locations(r)}
	if r.Cause != "" {
		result.Extra = map[string]string{"cause": r.Cause}
	}
	run.Results = append(run.Results, result)
}

func newRule(id string) sarifRule {
	rule := sarifRule{ID: id, Help: sarifText{"kubectl choreo explain " + id}}
	if entry, ok := findings.Lookup(id); ok {
		rule.Short = &sarifText{entry.Text}
	}
	return rule
}

func sarifLevel(severity string) string {
	switch severity {
	case "warning":
		return "warning"
	case "info":
		return "note"
	}
	return "error"
}

// locations of a remark. GitHub refuses the whole file if one result has no physical location
// (docs.github.com, "SARIF support for code scanning"), so what is known of a cluster alone is in a folder of that name.
func locations(r Annotation) []sarifLocation {
	name := style.ObjectName(r.Object)
	at := sarifLocation{Physical: &sarifPhysical{Artifact: sarifArtifact{relative(r.File), sourceRoot}}}
	if r.File == "" {
		at.Physical.Artifact = sarifArtifact{URI: relative(path.Join("cluster", strings.ReplaceAll(name, " ", "/")))}
	}
	if r.Line > 0 {
		at.Physical.Region = &sarifRegion{r.Line}
	}
	if name != "" {
		at.Logical = []sarifLogical{{name, "resource"}}
	}
	return []sarifLocation{at}
}

func relative(file string) string { return (&url.URL{Path: file}).String() }
