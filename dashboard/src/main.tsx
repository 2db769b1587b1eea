import {render} from 'preact';
import {useEffect} from 'preact/hooks';
import {startLive} from './data/live_stream';
import {useStore} from './data/store';
import type {View} from './logic/url_state';
import {FilterBar} from './parts/filter_bar';
import {AwayBanner, TopBar, viewNames} from './parts/top_bar';
import {address} from './parts/url';
import './style.css';
import {forbidMarkup} from './trusted_types';
import {Cities} from './views/cities';
import {Compare} from './views/compare';
import {Journey} from './views/journey';
import {LiveView} from './views/live';

const shown: Record<View, () => preact.JSX.Element> = {
    journey: Journey,
    cities: Cities,
    compare: Compare,
    live: LiveView,
};

function App() {
    const view = useStore(address).view as View;
    const Shown = shown[view];
    useEffect(() => {
        document.title = `${viewNames[view]} – Footfall`;
    }, [view]);
    return (
        <>
            <a class="skip" href="#main">
                To the figures
            </a>
            <TopBar />
            {view !== 'live' && <FilterBar />}
            <AwayBanner />
            <main id="main" tabIndex={-1} key={view}>
                <Shown />
            </main>
        </>
    );
}

forbidMarkup();
startLive();
const place = document.getElementById('app');
if (place !== null) {
    place.textContent = '';
    render(<App />, place);
}
