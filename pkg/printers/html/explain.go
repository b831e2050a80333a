package html

import (
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/docs/findings"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
)

// htmlBlock is one part of the page of a finding code: whoever gets this page may not have the program that prints it.
type htmlBlock struct {
	Heading string
	Text    []htmlSpan // of a paragraph
	Items   [][]htmlSpan
	Code    string
}

// htmlSpan is text, code, or the name of a finding code.
type htmlSpan struct {
	Text, Page string
	Code       bool
}

// explanation is the page of a code, without its title and its example: this page has the trace of its own.
func (p html) explanation(code string) []htmlBlock {
	page, _ := findings.Page(code)
	var all []htmlBlock
	for i, b := range findings.Blocks(findings.WithoutExample(page)) {
		text := p.options.NameProgram(b.Text)
		switch b.Kind {
		case findings.Heading:
			if i > 0 {
				all = append(all, htmlBlock{Heading: text})
			}
		case findings.Paragraph:
			all = append(all, htmlBlock{Text: spans(text)})
		case findings.Item:
			if len(all) == 0 || all[len(all)-1].Items == nil {
				all = append(all, htmlBlock{})
			}
			last := &all[len(all)-1]
			last.Items = append(last.Items, spans(text))
		case findings.Commands:
			all = append(all, htmlBlock{Code: p.options.NameProgram(strings.Join(b.Lines, "\n"))})
		}
	}
	return all
}

// spans splits text at its backticks, and at the finding codes that it names.
func spans(text string) []htmlSpan {
	var all []htmlSpan
	for i, part := range strings.Split(text, "`") {
		if i%2 == 1 {
			all = append(all, htmlSpan{Text: part, Code: true})
			continue
		}
		plain := ""
		for j, word := range strings.Split(part, " ") {
			if j > 0 {
				plain += " "
			}
			code := strings.TrimRight(word, ".,;:)")
			if _, isCode := findings.Page(code); !isCode {
				plain += word
				continue
			}
			if plain != "" {
				all = append(all, htmlSpan{Text: plain})
			}
			all = append(all, htmlSpan{Text: code, Page: style.FindingPage(code)})
			plain = word[len(code):]
		}
		if plain != "" {
			all = append(all, htmlSpan{Text: plain})
		}
	}
	return all
}
