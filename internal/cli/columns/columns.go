// Package columns prints -o custom-columns.
package columns

import (
	"fmt"
	"io"
	"os"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/cli-runtime/pkg/genericclioptions"
	cliprinters "k8s.io/cli-runtime/pkg/printers"
	"k8s.io/client-go/util/jsonpath"
)

// Formats are the names that New knows.
func Formats() []string { return []string{"custom-columns", "custom-columns-file"} }

// Printer prints a table as -o custom-columns of kubectl does (k8s.io/kubectl v0.36.2 pkg/cmd/get/customcolumn.go). That package needs the
// types of every API group of Kubernetes, and is not in cli-runtime.
type Printer struct {
	headers []string
	paths   []*jsonpath.JSONPath
}

// New reads a format; template is the value of --template.
func New(format, template string) (*Printer, error) {
	word, spec, _ := strings.Cut(format, "=")
	if template != "" {
		word, spec = format, template
	}
	var read func(*Printer, string) error
	switch word {
	case "custom-columns":
		read = (*Printer).readSpec
	case "custom-columns-file":
		read = (*Printer).readFile
	default:
		return nil, genericclioptions.NoCompatiblePrinterError{OutputFormat: &format, AllowedFormats: Formats()}
	}
	if spec == "" {
		return nil, fmt.Errorf("%s format specified but no custom columns given", word)
	}
	c := &Printer{}
	return c, read(c, spec)
}

// readSpec reads HEADER:PATH,HEADER:PATH.
func (c *Printer) readSpec(spec string) error {
	for one := range strings.SplitSeq(spec, ",") {
		header, path, found := strings.Cut(one, ":")
		if !found {
			return fmt.Errorf("unexpected custom-columns spec: %s, expected <header>:<json-path-expr>", one)
		}
		if err := c.add(header, path); err != nil {
			return err
		}
	}
	return nil
}

// readFile reads a file with a line of headers, and one of paths.
func (c *Printer) readFile(name string) error {
	text, err := os.ReadFile(name)
	if err != nil {
		return fmt.Errorf("error reading template %s, %w", name, err)
	}
	head, rest, found := strings.Cut(string(text), "\n")
	line, _, _ := strings.Cut(rest, "\n")
	headers, paths := strings.Fields(head), strings.Fields(line)
	if !found || len(headers) == 0 {
		return fmt.Errorf("invalid template %s, expected a line of headers and a line of column specs, each separated by spaces", name)
	}
	if len(headers) != len(paths) {
		return fmt.Errorf("number of headers (%d) and field specifications (%d) don't match", len(headers), len(paths))
	}
	for i, header := range headers {
		if err := c.add(header, paths[i]); err != nil {
			return err
		}
	}
	return nil
}

// add adds a column. Its path may lack the braces and the leading dot.
func (c *Printer) add(header, path string) error {
	relaxed := path
	if inner, found := strings.CutPrefix(path, "{"); found {
		relaxed, _ = strings.CutSuffix(inner, "}")
	}
	if relaxed = strings.TrimPrefix(relaxed, "."); relaxed == "" || strings.ContainsAny(relaxed, "{}") {
		return fmt.Errorf("unexpected path string %q, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or '{.name1.name2}'", path)
	}
	parsed := jsonpath.New(header).AllowMissingKeys(true)
	if err := parsed.Parse("{." + relaxed + "}"); err != nil {
		return fmt.Errorf("error parsing jsonpath %s, %w", path, err)
	}
	c.headers, c.paths = append(c.headers, header), append(c.paths, parsed)
	return nil
}

// PrintObj prints a row for each item of a document.
func (c *Printer) PrintObj(object runtime.Object, w io.Writer) error {
	document, ok := object.(*unstructured.Unstructured)
	if !ok {
		return fmt.Errorf("print columns of %T: only documents have columns", object)
	}
	table := cliprinters.GetNewTabWriter(w)
	_, _ = fmt.Fprintln(table, strings.Join(c.headers, "\t"))
	for _, item := range items(document.Object) {
		cells := make([]string, 0, len(c.paths))
		for _, path := range c.paths {
			cell, err := cellOf(path, item)
			if err != nil {
				return err
			}
			cells = append(cells, cell)
		}
		_, _ = fmt.Fprintln(table, strings.Join(cells, "\t"))
	}
	return table.Flush()
}

// items are what kubectl has as the items of a List: the components of a gate, and the findings of lint. Other documents are one item.
func items(document map[string]any) []any {
	for kind, field := range map[string]string{"VerifyReport": "components", "LintReport": "findings"} {
		if document["kind"] == kind {
			all, _ := document[field].([]any)
			return all
		}
	}
	return []any{document}
}

// cellOf is the text of a cell: values are joined by commas, and white space never breaks a row.
func cellOf(path *jsonpath.JSONPath, item any) (string, error) {
	found, err := path.FindResults(item)
	if err != nil {
		return "", fmt.Errorf("error executing jsonpath: %w", err)
	}
	var values []string
	for _, results := range found {
		for _, value := range results {
			values = append(values, strings.Join(strings.Fields(fmt.Sprint(value.Interface())), " "))
		}
	}
	if len(values) == 0 {
		return "<none>", nil
	}
	return strings.Join(values, ","), nil
}
