"""What made-up offices write about: two separate stocks of words, so that one can stay unseen while rules are made."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Stock:
    """Words to choose from."""

    organs: tuple[tuple[str, str, str], ...]
    """Superior organ (may be empty), organ, abbreviation."""
    places: tuple[str, ...]
    subjects: tuple[str, ...]
    units: tuple[str, ...]
    addressees: tuple[str, ...]
    sentences: tuple[str, ...]
    tasks: tuple[str, ...]
    headings: tuple[str, ...]
    laws: tuple[str, ...]
    posts: tuple[tuple[str, ...], ...]
    names: tuple[str, ...]


OPEN = Stock(
    organs=(
        ("UBND TỈNH ĐÔNG HẢI", "SỞ NỘI VỤ", "SNV"),
        ("UBND THÀNH PHỐ MẪU", "SỞ XÂY DỰNG", "SXD"),
        ("BỘ NỘI VỤ", "CỤC VĂN THƯ VÀ LƯU TRỮ NHÀ NƯỚC", "VTLTNN"),
        ("", "ỦY BAN NHÂN DÂN TỈNH ĐÔNG HẢI", "UBND"),
        ("SỞ GIÁO DỤC VÀ ĐÀO TẠO", "TRƯỜNG THPT SỐ 1", "THPT1"),
    ),
    places=("Hà Nội", "Đông Hải", "Thành phố Hồ Chí Minh", "Quận 1", "Đà Nẵng"),
    subjects=(
        "triển khai sử dụng thư điện tử công vụ năm 2026",
        "tăng cường kỷ luật, kỷ cương hành chính",
        "rà soát công tác văn thư, lưu trữ tại các đơn vị",
        "công tác phòng, chống lụt bão",
        "tổ chức Hội nghị tổng kết công tác cải cách hành chính",
    ),
    units=("TCCB", "VP", "CNTT", "HCTH", "KHTC"),
    addressees=(
        "Bộ Nội vụ",
        "Ủy ban nhân dân các quận, huyện",
        "Sở Tài chính",
        "Văn phòng Ủy ban nhân dân tỉnh",
        "Các phòng, ban trực thuộc",
    ),
    sentences=(
        "Thời gian qua, việc gửi, nhận văn bản điện tử giữa các cơ quan đã có nhiều chuyển biến tích cực, góp phần rút ngắn thời gian giải quyết công việc và tiết kiệm chi phí.",
        "Để thực hiện có hiệu quả các nhiệm vụ được giao, đề nghị các cơ quan, đơn vị khẩn trương tổ chức rà soát, đánh giá kết quả và đề xuất giải pháp phù hợp với tình hình thực tế.",
        "Trong quá trình thực hiện, nếu có khó khăn, vướng mắc, các đơn vị kịp thời phản ánh để được hướng dẫn, giải quyết theo quy định của pháp luật hiện hành.",
        "Văn bản gõ bằng phông chữ .VnTime, VNI-Times trước đây phải được chuyển sang Unicode trước khi đưa vào hệ thống quản lý văn bản và điều hành.",
        "Thư ngày 5/1/2026 của đơn vị đã nêu rõ các nội dung cần phối hợp; đến nay mới có 12/29 đơn vị gửi báo cáo, đạt tỷ lệ 41,4 %.",
    ),
    tasks=(
        "Giao Văn phòng chủ trì, phối hợp với các đơn vị liên quan hướng dẫn, theo dõi và tổng hợp kết quả thực hiện, báo cáo trước ngày 15 hằng tháng.",
        "Thủ trưởng các đơn vị chịu trách nhiệm phổ biến nội dung này đến toàn thể công chức, viên chức và người lao động thuộc phạm vi quản lý.",
        "Bố trí máy tính, đường truyền và cử cán bộ có năng lực để vận hành thường xuyên, bảo đảm an toàn thông tin theo đúng quy định.",
        "Các đơn vị gửi báo cáo kết quả bằng văn bản điện tử, có chữ ký số, không gửi kèm bản giấy, trừ trường hợp pháp luật có quy định khác.",
    ),
    headings=("MỤC ĐÍCH, YÊU CẦU", "NỘI DUNG THỰC HIỆN", "TỔ CHỨC THỰC HIỆN", "KINH PHÍ"),
    laws=(
        "Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015",
        "Căn cứ Nghị định số 30/2020/NĐ-CP ngày 05 tháng 3 năm 2020 của Chính phủ về công tác văn thư",
        "Căn cứ Quyết định số 12/QĐ-UBND ngày 10 tháng 01 năm 2024 quy định chức năng, nhiệm vụ của đơn vị",
        "Theo đề nghị của Chánh Văn phòng tại Tờ trình số 45/TTr-VP ngày 02 tháng 02 năm 2026",
    ),
    posts=(
        ("GIÁM ĐỐC",),
        ("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"),
        ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"),
        ("TL. CHỦ TỊCH", "CHÁNH VĂN PHÒNG"),
        ("Q. GIÁM ĐỐC",),
    ),
    names=("Nguyễn Văn A", "Trần Thị B", "Lê Hoàng Minh", "Trương Quốc Bình", "Phạm Thị Thu Hà"),
)

BLIND = Stock(
    organs=(
        ("UBND HUYỆN SÔNG LAM", "PHÒNG TÀI NGUYÊN VÀ MÔI TRƯỜNG", "TNMT"),
        ("TỔNG CỤC THUẾ", "CHI CỤC THUẾ KHU VỰC MẪU", "CCT"),
        ("", "BỘ KHOA HỌC VÀ CÔNG NGHỆ", "BKHCN"),
        ("SỞ Y TẾ TỈNH ĐÔNG HẢI", "BỆNH VIỆN ĐA KHOA SÔNG LAM", "BVĐK"),
        ("", "HỘI ĐỒNG NHÂN DÂN HUYỆN SÔNG LAM", "HĐND"),
    ),
    places=("Sông Lam", "Cần Thơ", "Thừa Thiên Huế", "Phường 7", "Vũng Tàu"),
    subjects=(
        "phòng cháy, chữa cháy trong mùa khô",
        "cử công chức tham gia tập huấn nghiệp vụ",
        "thực hiện chế độ báo cáo định kỳ",
        "quản lý, sử dụng tài sản công tại đơn vị",
        "bàn giao hồ sơ, tài liệu vào lưu trữ cơ quan",
    ),
    units=("TNN", "NVDTPC", "ĐT", "QLTS", "TH"),
    addressees=(
        "Kho bạc Nhà nước khu vực",
        "Công ty Điện lực Sông Lam",
        "Các trường trung học cơ sở trên địa bàn",
        "Ông Võ Thành Công",
        "Thanh tra huyện",
    ),
    sentences=(
        "Qua kiểm tra thực tế tại một số cơ sở cho thấy còn tồn tại nhiều nguy cơ mất an toàn, nhất là tại các kho chứa hàng hóa và khu dân cư tập trung đông người.",
        "Nhằm bảo đảm tiến độ đã đề ra, yêu cầu người đứng đầu các đơn vị trực tiếp chỉ đạo, phân công cụ thể từng bộ phận và chịu trách nhiệm về kết quả cuối cùng.",
        "Kinh phí thực hiện được bố trí trong dự toán ngân sách hằng năm và các nguồn hợp pháp khác; việc quyết toán thực hiện theo Luật Ngân sách nhà nước.",
        "Số liệu tính đến ngày 30 tháng 9 năm 2026 cho thấy 87 % hồ sơ được giải quyết đúng hạn, tăng 3,2 điểm phần trăm so với cùng kỳ năm trước.",
        "Phần mềm dùng phông VNI-Times và phông Arial không còn được sử dụng để soạn thảo văn bản hành chính kể từ khi Nghị định có hiệu lực thi hành.",
    ),
    tasks=(
        "Kiểm kê toàn bộ tài sản hiện có, đối chiếu với sổ sách kế toán và lập biên bản xác nhận có chữ ký của các bên liên quan.",
        "Tổ chức ít nhất hai đợt tuyên truyền lưu động tại các xã, phường; cấp phát tài liệu và ký cam kết với từng hộ kinh doanh.",
        "Niêm yết công khai danh mục thủ tục tại bộ phận tiếp nhận, đồng thời đăng tải đầy đủ trên trang thông tin điện tử của đơn vị.",
        "Đưa kết quả thực hiện vào tiêu chí đánh giá, xếp loại chất lượng cuối năm đối với tập thể và cá nhân có liên quan.",
    ),
    headings=("ĐẶC ĐIỂM TÌNH HÌNH", "KẾT QUẢ ĐẠT ĐƯỢC", "TỒN TẠI, HẠN CHẾ", "PHƯƠNG HƯỚNG, NHIỆM VỤ"),
    laws=(
        "Căn cứ Luật Phòng cháy và chữa cháy ngày 29 tháng 6 năm 2001",
        "Căn cứ Thông tư số 07/2024/TT-BTC ngày 31 tháng 01 năm 2024 của Bộ trưởng Bộ Tài chính hướng dẫn một số nội dung",
        "Xét Báo cáo số 118/BC-TNMT ngày 20 tháng 5 năm 2026 về kết quả rà soát",
        "Theo đề nghị của Trưởng phòng Tổ chức cán bộ",
    ),
    posts=(
        ("TRƯỞNG PHÒNG",),
        ("KT. TRƯỞNG PHÒNG", "PHÓ TRƯỞNG PHÒNG"),
        ("TM. HỘI ĐỒNG NHÂN DÂN", "CHỦ TỊCH"),
        ("TUQ. BỘ TRƯỞNG", "VỤ TRƯỞNG VỤ KẾ HOẠCH"),
        ("CHI CỤC TRƯỞNG",),
    ),
    names=("Võ Thị Kim Ngân", "Đặng Hữu Phước", "Phó Đức Long", "Hồ Văn Sáu", "Lương Tấn Đạt"),
)
