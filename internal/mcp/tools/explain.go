package tools

import (
	"context"
	"fmt"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/docs/findings"
	"github.com/kubectl-choreo/kubectl-choreo/internal/mcp/tool"
	"github.com/kubectl-choreo/kubectl-choreo/internal/suggest"
	rungs "github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

type explainArguments struct {
	Code string `json:"code,omitempty" jsonschema:"finding code, such as StaleNotFound; without it, all codes with their meaning"`
	Rung string `json:"rung,omitempty" jsonschema:"without a code: only the codes of this rung"`
}

// Check accepts everything: an unknown code gets an answer with similar ones.
func (explainArguments) Check() error { return nil }

func explain() tool.Tool {
	return tool.With(tool.Tool{
		Name: "explain", Title: "Explain a finding code", Local: true,
		Description: `Explain a finding by its code: meaning, causes, fix. The text is documentation of this program.
Call it after diagnose, verify or lint have named a code that you do not know.
Do not call it to find out what is wrong: it knows codes, not your cluster.`,
	}, func(_ context.Context, _ tool.Call, in explainArguments) (tool.Answer, error) {
		if in.Code == "" {
			return listCodes(in.Rung)
		}
		code, page, err := Page(in.Code)
		if err != nil {
			return tool.Answer{}, err
		}
		var a tool.Answer
		a.Text.Page(page)
		a.Narrow = "Read the resource choreo://findings/" + code + "."
		return a, nil
	})
}

// Page returns the code and the page of a code, which may be written in other capitals or with its earlier name.
func Page(name string) (code, page string, err error) {
	for old, renamed := range findings.Renamed() {
		if strings.EqualFold(old, name) {
			name = renamed
		}
	}
	for _, code := range findings.Codes() {
		if strings.EqualFold(code, name) {
			page, _ := findings.Page(code)
			return code, findings.WithoutExample(page), nil
		}
	}
	return "", "", fmt.Errorf("unknown finding code %q%s", name[:min(len(name), 60)], suggest.DidYouMean(findings.Codes(), name))
}

func listCodes(rung string) (tool.Answer, error) {
	a := tool.Answer{Narrow: "Use rung."}
	last, found := "", false
	for _, e := range findings.Entries() {
		if rung != "" && e.Rung != rung {
			continue
		}
		if found = true; e.Rung != last {
			last = e.Rung
			a.Text.Say("%s:", e.Rung)
		}
		if rung == "" {
			a.Text.Page("  " + e.Code)
			continue
		}
		a.Text.Page("  " + e.Code + ": " + e.Text)
	}
	if !found {
		return tool.Answer{}, fmt.Errorf("unknown rung %q: use any or one of %v", rung[:min(len(rung), 60)], rungs.Rungs())
	}
	return a, nil
}
