package generated

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"text/template"
	"text/template/parse"

	sprig "github.com/go-task/slim-sprig/v3"
)

// language is a form of Go's templates.
type language struct {
	left, right string
	// function is the function that returns the data; "" if the data is the dot.
	function string
}

// resourceSetLanguage is that of the Flux Operator (flux-operator v0.59 internal/builder/resourceset.go).
func resourceSetLanguage() language { return language{"<<", ">>", "inputs"} }

// applicationSetLanguage is that of an ApplicationSet with goTemplate: true (argo-cd v3 applicationset/utils/utils.go).
func applicationSetLanguage() language { return language{"{{", "}}", ""} }

const (
	// maxText bounds the text that a template, or a function in it, may produce.
	maxText = 1 << 20
	maxData = 64 << 10
	// maxValues bounds the data of a template, and maxLoops its nested loops.
	maxValues = 1000
	maxLoops  = 2
)

var errTooLarge = errors.New("the template or its data is too large")

// render renders a template. A repository may be hostile, so the template must end soon and produce little text: it cannot call
// other templates or count, and has no function whose result is much longer than its arguments.
func (l language) render(text string, data map[string]any) ([]byte, error) {
	plain, values, err := withoutNumbers(data)
	if err != nil || values > maxValues {
		return nil, errors.Join(err, errTooLarge)
	}
	functions := functions()
	if l.function != "" {
		functions[l.function] = func() any { return plain }
	}
	parsed, err := template.New("").Delims(l.left, l.right).Funcs(functions).Option("missingkey=error").Parse(text)
	if err != nil {
		return nil, err
	}
	if parsed.Tree == nil || !endsSoon(parsed.Root, maxLoops) {
		return nil, errTooLarge
	}
	out := &boundedBuffer{}
	if err := parsed.Execute(out, plain); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// functions are those of sprig that templates of names and paths use.
func functions() template.FuncMap {
	all, kept := sprig.HermeticTxtFuncMap(), template.FuncMap{}
	for _, name := range []string{
		"default", "coalesce", "empty", "ternary", "quote", "squote", "lower", "upper", "title", "trim", "trimAll", "trimPrefix", "trimSuffix",
		"trunc", "contains", "hasPrefix", "hasSuffix", "toString", "get", "hasKey", "first", "last", "base", "dir", "ext", "toJson", "regexMatch",
	} {
		if function, there := all[name]; there {
			kept[name] = function
		}
	}
	kept["replace"] = func(old, with, in string) (string, error) {
		if len(in)+strings.Count(in, old)*len(with) > maxText {
			return "", errTooLarge
		}
		return strings.ReplaceAll(in, old, with), nil
	}
	kept["len"] = func(any) (string, error) { return "", errTooLarge } // a loop could count to it
	kept["printf"] = func(format string, args ...any) (string, error) {
		if strings.ContainsAny(format, "*0123456789") { // a width
			return "", errTooLarge
		}
		return fmt.Sprintf(format, args...), nil
	}
	return kept
}

// endsSoon reports whether a part of a template has no call of another template, at most so many nested loops, and no number that
// a loop could count to.
func endsSoon(node parse.Node, loops int) bool {
	switch node := node.(type) {
	case *parse.TemplateNode:
		return false
	case *parse.ActionNode:
		return len(node.Pipe.Decl) == 0 || !hasNumber(node.Pipe)
	case *parse.ListNode:
		return !slices.ContainsFunc(node.Nodes, func(inner parse.Node) bool { return !endsSoon(inner, loops) })
	case *parse.IfNode:
		return (len(node.Pipe.Decl) == 0 || !hasNumber(node.Pipe)) && branchesEndSoon(&node.BranchNode, loops)
	case *parse.WithNode:
		return !hasNumber(node.Pipe) && branchesEndSoon(&node.BranchNode, loops)
	case *parse.RangeNode:
		return loops > 0 && !hasNumber(node.Pipe) && branchesEndSoon(&node.BranchNode, loops-1)
	}
	return true
}

func branchesEndSoon(b *parse.BranchNode, loops int) bool {
	return endsSoon(b.List, loops) && (b.ElseList == nil || endsSoon(b.ElseList, loops))
}

// hasNumber reports whether the value of a pipeline may be a number.
func hasNumber(node parse.Node) bool {
	switch node := node.(type) {
	case *parse.NumberNode:
		return true
	case *parse.ChainNode:
		return hasNumber(node.Node)
	case *parse.PipeNode:
		return slices.ContainsFunc(node.Cmds, func(c *parse.CommandNode) bool { return hasNumber(c) })
	case *parse.CommandNode:
		return slices.ContainsFunc(node.Args, hasNumber)
	}
	return false
}

// withoutNumbers returns data in which numbers are texts, so that no loop can count to one, and the number of values in it.
func withoutNumbers(data map[string]any) (plain map[string]any, values int, err error) {
	text, err := json.Marshal(data)
	if err != nil {
		return nil, 0, err
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	if len(text) > maxData {
		return nil, 0, errTooLarge
	}
	err = decoder.Decode(&plain)
	return plain, bytes.Count(text, []byte(",")), err
}

type boundedBuffer struct{ bytes.Buffer }

// Write implements io.Writer. It fails when the text becomes too long.
func (b *boundedBuffer) Write(p []byte) (int, error) {
	if b.Len()+len(p) > maxText {
		return 0, errTooLarge
	}
	return b.Buffer.Write(p)
}
