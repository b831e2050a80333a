package text

import (
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/behind"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// explainBehind reports what the rows that are marked as behind are behind.
func (p conclusion) explainBehind(t *trace.Trace) {
	for _, sentences := range behind.Sentences(t) {
		p.AddIndented("Behind: "+sentences, 2)
	}
}

// behind names the topmost rung that does not carry what is wanted.
func (p conclusion) behind(t *trace.Trace) { p.AddIndented(style.Sentence(behind.Topmost(t)), 2) }
