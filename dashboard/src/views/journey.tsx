import type {StageReport} from '../data/types';
import {useAnswer} from '../data/use_answer';
import {useStore} from '../data/store';
import {format} from '../logic/format';
import type {Count} from '../logic/funnel';
import {scopeText} from '../logic/scope';
import {journeySentence, worstStepSentence} from '../logic/sentences';
import type {Against, State} from '../logic/url_state';
import {chosenComparison, possibleComparisons, reportUrl} from '../logic/url_state';
import {Choice} from '../parts/choice';
import {FunnelTable} from '../parts/funnel_table';
import {Notes} from '../parts/notes';
import {Panel} from '../parts/panel';
import {Shown} from '../parts/states';
import {address, change} from '../parts/url';

// Journey: at which stage are the users, and which step is worst.

const counts: readonly {value: Count; text: string}[] = [
    {value: 'reached', text: 'Reached'},
    {value: 'in_order', text: 'In order'},
    {value: 'furthest', text: 'Furthest'},
];

const againstNames: Record<Against, string> = {previous: 'Period before', others: 'Other users'};

function AgainstChoice({state}: {state: State}) {
    const possible = possibleComparisons(state);
    if (possible.length === 0) return null;
    const options = [
        ...possible.map((value) => ({value: value as string, text: againstNames[value]})),
        {value: 'nothing', text: 'Nothing'},
    ];
    return (
        <Choice
            label="Compared with"
            value={chosenComparison(state) ?? 'nothing'}
            options={options}
            onChoose={(against) => change({against})}
        />
    );
}

export function Journey() {
    const state = useStore(address);
    const count = state.count as Count;
    const url = reportUrl(state, 'stages', {compare: chosenComparison(state)});
    const answer = useAnswer<StageReport>(url);
    return (
        <Shown answer={answer} isEmpty={(report) => report.total_users === 0}>
            {(report) => {
                const {comparison} = report;
                const sides = comparison && {
                    own: scopeText(state, format),
                    other: comparison.label,
                };
                return (
                    <>
                        <div class="answer">
                            <h1>{journeySentence(report, count, format)}</h1>
                            <p class={comparison?.worst_is_clear ? 'finding clear' : 'finding'}>
                                {worstStepSentence(report, format)}
                            </p>
                        </div>
                        <Panel
                            title="Funnel"
                            name="journey"
                            csv={url}
                            controls={
                                <>
                                    <AgainstChoice state={state} />
                                    <Choice
                                        label="Users counted"
                                        value={count}
                                        options={counts}
                                        onChoose={(chosen) => change({count: chosen})}
                                    />
                                </>
                            }
                        >
                            <FunnelTable report={report} count={count} sides={sides} />
                            <Notes report={report} />
                        </Panel>
                    </>
                );
            }}
        </Shown>
    );
}
